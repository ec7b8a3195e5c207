package io.agentledger.store.postgres;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;

/**
 * The role that owns the tables and executes the migrations. Its connections are for statements
 * that the role of the application may not execute: creating, replacing and analyzing tables.
 * Thread-safe.
 */
public final class SchemaOwner implements AutoCloseable {
  private static final int CONNECT_SECONDS = 5;

  /** For statements over whole tables; longer than any limit of the application's role. */
  private static final int RESPONSE_SECONDS = 600;

  /** Four rebuilds at the same time, each of which creates two indexes, and cancellations. */
  private static final int CONNECTIONS_MAX = 10;

  /** For the next one of several rebuilds; the pool has no connection otherwise. */
  private static final Duration IDLE_MAX = Duration.ofSeconds(10);

  private final HikariDataSource connections = new HikariDataSource();

  SchemaOwner(FlywayConnectionDetails owner) {
    connections.setPoolName("schema-owner");
    connections.setJdbcUrl(owner.getJdbcUrl());
    connections.setUsername(owner.getUsername());
    connections.setPassword(owner.getPassword());
    for (var bound : new String[] {"loginTimeout", "connectTimeout"})
      connections.addDataSourceProperty(bound, String.valueOf(CONNECT_SECONDS));
    connections.addDataSourceProperty("socketTimeout", String.valueOf(RESPONSE_SECONDS));
    connections.addDataSourceProperty("tcpKeepAlive", "true");
    connections.setMaximumPoolSize(CONNECTIONS_MAX);
    connections.setMinimumIdle(0);
    connections.setIdleTimeout(IDLE_MAX.toMillis());
  }

  /** Returns a connection, which the caller closes; that rolls back what was not committed. */
  public Connection connect() throws SQLException {
    return connections.getConnection();
  }

  @Override
  public void close() {
    connections.close();
  }
}
