package io.agentledger.command.support;

import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.store.postgres.ConnectionPools;
import io.agentledger.store.postgres.RelaxedCommit;
import javax.sql.DataSource;

/**
 * Connections of all tables of jobs. A job is enqueued in the caller's transaction. The picks,
 * heartbeats and completions of the scheduler do not wait for the disk: what a crash of the
 * database loses of them is repeated, as after a crash of the node.
 */
public final class JobConnections implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  private final HikariDataSource pool;
  private final DataSource dataSource;

  public JobConnections(DataSource database, ConnectionPools pools) {
    var configuration = pools.configure("jobs", CONNECTIONS);
    configuration.setConnectionInitSql(RelaxedCommit.OF_CONNECTION);
    pool = new HikariDataSource(configuration);
    dataSource = RelaxedCommit.outsideTransactions(database, pool);
  }

  DataSource dataSource() {
    return dataSource;
  }

  @Override
  public void close() {
    pool.close();
  }
}
