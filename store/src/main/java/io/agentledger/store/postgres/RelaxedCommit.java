package io.agentledger.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.ConnectionProvider;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Commits that do not wait for the disk. A crash of the database, not of the service, may lose
 * those of the last second, and never a part of one; a durable commit also makes all earlier ones
 * durable. Only for transactions that are repeated after such a loss: read models, sums of events,
 * and the tokens that commit with them, the picking, heartbeat and completion of jobs, and counters
 * of calls.
 */
public final class RelaxedCommit {
  /** Statement that initializes the connections of a pool for such transactions. */
  public static final String OF_CONNECTION = "set synchronous_commit = off";

  /** Statement that relaxes the commit of the current transaction. */
  public static final String OF_TRANSACTION = "set local synchronous_commit = off";

  private RelaxedCommit() {}

  private static void relax(Connection connection) throws SQLException {
    try (var statement = connection.prepareStatement(OF_TRANSACTION)) {
      statement.execute();
    }
  }

  /**
   * Returns an interceptor for an event processor whose batches are handled again if a crash of the
   * database loses them, because their token is lost, too.
   */
  public static MessageHandlerInterceptor<EventMessage<?>> ofBatches(
      ConnectionProvider connections) {
    return (unit, chain) -> {
      if (unit.root().resources().putIfAbsent(RelaxedCommit.class.getName(), true) == null)
        relax(connections.getConnection());
      return chain.proceed();
    };
  }

  /**
   * Returns a data source that takes part in the caller's transaction of {@code durable}; without
   * one, its connections are those of {@code relaxed}.
   *
   * @param relaxed a pool initialized with {@link #OF_CONNECTION}
   */
  public static DataSource outsideTransactions(DataSource durable, DataSource relaxed) {
    return new CallerDataSource(durable, relaxed);
  }

  private static final class CallerDataSource extends AbstractDataSource {
    private final DataSource durable;
    private final DataSource inTransaction;
    private final DataSource relaxed;

    CallerDataSource(DataSource durable, DataSource relaxed) {
      this.durable = durable;
      this.inTransaction = new TransactionAwareDataSourceProxy(durable);
      this.relaxed = relaxed;
    }

    @Override
    public Connection getConnection() throws SQLException {
      return TransactionSynchronizationManager.hasResource(durable)
          ? inTransaction.getConnection()
          : relaxed.getConnection();
    }

    @Override
    public Connection getConnection(String user, String password) {
      throw new UnsupportedOperationException();
    }
  }
}
