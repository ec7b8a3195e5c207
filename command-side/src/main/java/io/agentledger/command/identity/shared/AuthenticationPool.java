package io.agentledger.command.identity.shared;

import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.store.postgres.ConnectionPools;
import javax.sql.DataSource;

/**
 * A few connections for those who come in, each statement a transaction of its own: who knocks is
 * known even when every other connection waits for something, and what was tried stays counted when
 * its transaction is undone.
 */
public final class AuthenticationPool implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  private final HikariDataSource dataSource;

  public AuthenticationPool(ConnectionPools pools) {
    this.dataSource = new HikariDataSource(pools.configure("authentication", CONNECTIONS));
  }

  public DataSource dataSource() {
    return dataSource;
  }

  @Override
  public void close() {
    dataSource.close();
  }
}
