package io.agentledger.command.identity.shared;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;

/**
 * A few connections for those who come in, each statement a transaction of its own: who knocks is
 * known even when every other connection waits for something, and what was tried stays counted when
 * its transaction is undone.
 */
public final class AuthenticationPool implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final HikariDataSource dataSource;

  public AuthenticationPool(JdbcConnectionDetails database) {
    var pool = new HikariConfig();
    pool.setJdbcUrl(database.getJdbcUrl());
    pool.setUsername(database.getUsername());
    pool.setPassword(database.getPassword());
    pool.setPoolName("authentication");
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setMinimumIdle(1);
    pool.setConnectionTimeout(TIMEOUT.toMillis());
    pool.setAutoCommit(true);
    this.dataSource = new HikariDataSource(pool);
  }

  public DataSource dataSource() {
    return dataSource;
  }

  @Override
  public void close() {
    dataSource.close();
  }
}
