package io.agentledger.store.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Creates the roles and the database: an owner who may change the schema, and an application that
 * may not. Idempotent.
 */
final class DatabaseProvisioner {
  static final String DATABASE = "agentledger";
  static final String OWNER = "agentledger_owner";
  static final String APPLICATION = "agentledger";

  /**
   * Time limit of a transaction: appends are serialized by a lock, which none may hold for longer.
   */
  private static final String TRANSACTION_TIMEOUT = "30s";

  private DatabaseProvisioner() {}

  static void provision(Connection superuser, PostgresPasswords passwords) throws SQLException {
    try (Statement sql = superuser.createStatement()) {
      createRole(sql, OWNER, passwords.owner());
      createRole(sql, APPLICATION, passwords.application());
      sql.execute(
          "alter role %s set transaction_timeout = '%s'"
              .formatted(APPLICATION, TRANSACTION_TIMEOUT));
      if (!exists(sql, "select from pg_database where datname = '" + DATABASE + "'"))
        create(sql, DATABASE, "template1");
    }
  }

  /**
   * Creates a database that belongs to the owner and that otherwise only the application may use.
   */
  static void create(Statement sql, String database, String template) throws SQLException {
    sql.execute("create database %s owner %s template %s".formatted(database, OWNER, template));
    sql.execute("revoke all on database %s from public".formatted(database));
    sql.execute("grant connect on database %s to %s".formatted(database, APPLICATION));
  }

  private static void createRole(Statement sql, String name, String password) throws SQLException {
    if (!exists(sql, "select from pg_roles where rolname = '" + name + "'"))
      sql.execute(
          "create role %s login nosuperuser nocreatedb nocreaterole password '%s'"
              .formatted(name, password));
  }

  private static boolean exists(Statement sql, String query) throws SQLException {
    try (ResultSet rows = sql.executeQuery(query)) {
      return rows.next();
    }
  }
}
