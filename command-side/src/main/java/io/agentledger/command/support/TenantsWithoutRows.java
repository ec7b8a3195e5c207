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

  // All guarded by this.
  /** Whether a tenant had no row when it was last queried. */
  private final Map<TenantId, Boolean> known = BoundedMap.accessOrdered(TENANTS_MAX);

  private long insertions;
  private int uncommitted;

  /**
   * Returns whether the tenant has no row.
   *
   * @param query whether the table has none, if it is not known
   */
  boolean contains(TenantId tenant, BooleanSupplier query) {
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
  synchronized void onInsertion(TenantId tenant) {
    known.remove(tenant);
    insertions++;
    uncommitted++;
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCompletion(int status) {
            endInsertion();
          }
        });
  }

  private synchronized void endInsertion() {
    insertions++;
    uncommitted--;
  }
}
