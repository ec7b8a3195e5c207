package io.agentledger.command.support;

import io.agentledger.api.identity.TenantId;
import io.agentledger.store.support.BoundedMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tenants that have no row in a table, so that nobody queries it for them. For the only node of a
 * database: it knows of each insertion before its commit. A deletion is not noticed: then the table
 * is queried for nothing. Thread-safe.
 */
final class TenantsWithoutRows {
  private static final int TENANTS_MAX = 1000;

  /** Whether a tenant had no row when it was last queried; guarded by this, as what follows. */
  private final Map<TenantId, Boolean> known = BoundedMap.accessOrdered(TENANTS_MAX);

  private long insertions;
  private int uncommitted;

  /**
   * Returns whether the tenant has no row.
   *
   * @param query whether the table has none, if it is not known
   */
  boolean isWithoutRows(TenantId tenant, BooleanSupplier query) {
    long before;
    synchronized (this) {
      Boolean isKnown = known.get(tenant);
      if (isKnown != null) return isKnown;
      before = insertions;
    }
    boolean none = query.getAsBoolean();
    synchronized (this) {
      if (uncommitted == 0 && insertions == before) known.put(tenant, none);
    }
    return none;
  }

  /** Takes note of an insertion in the current transaction, before it is committed. */
  void onInsertion(TenantId tenant) {
    TransactionSynchronizationManager.registerSynchronization(new Insertion());
    synchronized (this) {
      known.remove(tenant);
      uncommitted++;
    }
  }

  /** If it is unknown whether the commit was executed, the table is always queried from then on. */
  private final class Insertion implements TransactionSynchronization {
    private boolean isCommitTried;

    @Override
    public void beforeCommit(boolean readOnly) {
      isCommitTried = true;
    }

    @Override
    public void afterCompletion(int status) {
      if (isCommitTried && status != STATUS_COMMITTED) return;
      synchronized (TenantsWithoutRows.this) {
        insertions++;
        uncommitted--;
      }
    }
  }
}
