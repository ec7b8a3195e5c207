package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.TenantId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tenants for which a table is not queried, and from when on it is. */
class TenantsWithoutRowsTest {
  private final TenantId tenant = TenantId.next();
  private final TenantsWithoutRows tenants = new TenantsWithoutRows();
  private boolean empty = true;
  private int queries;

  @BeforeEach
  void beginTransaction() {
    TransactionSynchronizationManager.initSynchronization();
  }

  @AfterEach
  void endTransaction() {
    TransactionSynchronizationManager.clearSynchronization();
  }

  private boolean isEmpty() {
    return tenants.isWithoutRows(
        tenant,
        () -> {
          queries++;
          return empty;
        });
  }

  private static void complete(int status) {
    TransactionSynchronizationManager.getSynchronizations()
        .forEach(synchronization -> synchronization.afterCompletion(status));
    TransactionSynchronizationManager.clearSynchronization();
    TransactionSynchronizationManager.initSynchronization();
  }

  @Test
  void tableIsQueriedOnceForATenant() {
    assertThat(isEmpty()).isTrue();
    assertThat(isEmpty()).isTrue();
    assertThat(queries).isEqualTo(1);
  }

  @Test
  void insertedRowIsSeenFromItsCommitOn() {
    isEmpty();
    tenants.onInsertion(tenant);
    assertThat(isEmpty()).as("not committed").isTrue();
    empty = false; // The commit, before this node is told.
    assertThat(isEmpty()).isFalse();
    complete(TransactionSynchronization.STATUS_COMMITTED);
    assertThat(isEmpty()).isFalse();
    assertThat(isEmpty()).isFalse();
    assertThat(queries).isEqualTo(4);
  }

  @Test
  void insertionDuringTheQueryIsNotMissed() {
    tenants.isWithoutRows(
        tenant,
        () -> {
          tenants.onInsertion(tenant);
          complete(TransactionSynchronization.STATUS_COMMITTED);
          return true; // As it was before the insertion.
        });
    empty = false;
    assertThat(isEmpty()).isFalse();
  }

  @Test
  void tableIsAlwaysQueriedOnceACommitFailed() {
    tenants.onInsertion(tenant);
    TransactionSynchronizationManager.getSynchronizations()
        .forEach(synchronization -> synchronization.beforeCommit(false));
    complete(TransactionSynchronization.STATUS_ROLLED_BACK);
    assertThat(isEmpty()).isTrue();
    empty = false; // The database executes the commit late.
    assertThat(isEmpty()).isFalse();
  }

  @Test
  void insertionThatIsRolledBackLeavesTheTableEmpty() {
    tenants.onInsertion(tenant);
    complete(TransactionSynchronization.STATUS_ROLLED_BACK);
    assertThat(isEmpty()).isTrue();
    assertThat(isEmpty()).isTrue();
    assertThat(queries).isEqualTo(1);
  }
}
