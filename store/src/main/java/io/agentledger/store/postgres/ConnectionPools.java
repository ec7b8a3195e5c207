package io.agentledger.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.core.env.Environment;

/**
 * Configurations of small connection pools beside the main one. They have its address and its
 * settings ({@code spring.datasource.hikari}), including the timeouts for a database that does not
 * respond.
 */
public final class ConnectionPools {
  private static final String SETTINGS = "spring.datasource.hikari";

  private final JdbcConnectionDetails database;
  private final Environment environment;

  ConnectionPools(JdbcConnectionDetails database, Environment environment) {
    this.database = database;
    this.environment = environment;
  }

  /** Opens a connection that belongs to no pool, with the same timeouts. */
  public Connection connect() throws SQLException {
    HikariConfig settings = configure("single", 1);
    var properties = new Properties();
    properties.putAll(settings.getDataSourceProperties());
    properties.setProperty("user", settings.getUsername());
    properties.setProperty("password", settings.getPassword());
    return DriverManager.getConnection(settings.getJdbcUrl(), properties);
  }

  /**
   * Creates a configuration of at most {@code connections}, each statement a transaction of its
   * own; one idle connection is kept open.
   */
  public HikariConfig configure(String name, int connections) {
    var pool = new HikariConfig();
    Binder.get(environment).bind(SETTINGS, Bindable.ofInstance(pool));
    pool.setJdbcUrl(database.getJdbcUrl());
    pool.setUsername(database.getUsername());
    pool.setPassword(database.getPassword());
    pool.setPoolName(name);
    pool.setMaximumPoolSize(connections);
    pool.setMinimumIdle(1);
    if (connections == 1) pool.setIdleTimeout(0); // Its size is fixed.
    pool.setAutoCommit(true);
    return pool;
  }

  /**
   * Creates a configuration for statements that must be answered soon, or fail.
   *
   * @param timeout whole seconds, for a connection and again for its statement
   */
  HikariConfig configure(String name, int connections, Duration timeout) {
    HikariConfig pool = configure(name, connections);
    pool.setConnectionTimeout(timeout.toMillis());
    pool.setValidationTimeout(timeout.toMillis() / 2);
    for (String bound : List.of("connectTimeout", "loginTimeout", "socketTimeout"))
      pool.addDataSourceProperty(bound, String.valueOf(timeout.toSeconds()));
    return pool;
  }
}
