package io.agentledger.store.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** Address and credentials of a database. */
public record DatabaseAccess(String url, String user, String password) {
  /** Opens one connection without a pool; fails after {@code timeoutSeconds}. */
  Connection connect(int timeoutSeconds) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("loginTimeout", String.valueOf(timeoutSeconds));
    properties.setProperty("connectTimeout", String.valueOf(timeoutSeconds));
    return DriverManager.getConnection(url, properties);
  }

  @Override
  public String toString() {
    return user + " at " + url; // Passwords are not logged.
  }
}
