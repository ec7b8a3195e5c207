package io.agentledger.command.identity.shared;

import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.store.postgres.ConnectionPools;
import javax.sql.DataSource;

/**
 * Small connection pool for authentication, in which each statement is its own transaction.
 * Authentication works even if all other connections are busy, and a failed attempt stays counted
 * if the surrounding transaction is rolled back.
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
