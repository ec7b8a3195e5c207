package io.agentledger.store.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;

/**
 * The role that owns the tables and executes the migrations. Its connections are for statements
 * that the role of the application may not execute: creating, replacing and analyzing tables.
 */
public final class SchemaOwner {
  private static final int CONNECT_SECONDS = 5;

  /** For statements over whole tables; longer than any limit of the application's role. */
  private static final int RESPONSE_SECONDS = 600;

  private final FlywayConnectionDetails owner;

  SchemaOwner(FlywayConnectionDetails owner) {
    this.owner = owner;
  }

  /** Opens a connection that belongs to no pool; the caller closes it. */
  public Connection connect() throws SQLException {
    var properties = new Properties();
    if (owner.getUsername() != null) properties.setProperty("user", owner.getUsername());
    if (owner.getPassword() != null) properties.setProperty("password", owner.getPassword());
    for (var bound : new String[] {"loginTimeout", "connectTimeout"})
      properties.setProperty(bound, String.valueOf(CONNECT_SECONDS));
    properties.setProperty("socketTimeout", String.valueOf(RESPONSE_SECONDS));
    properties.setProperty("tcpKeepAlive", "true");
    return DriverManager.getConnection(owner.getJdbcUrl(), properties);
  }
}
