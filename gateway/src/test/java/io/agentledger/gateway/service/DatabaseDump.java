package io.agentledger.gateway.service;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Content of a node's database, as a thief of its files would read it. */
final class DatabaseDump {
  private static final String TABLES =
      """
      select quote_ident(table_schema) || '.' || quote_ident(table_name)
      from information_schema.tables
      where table_type = 'BASE TABLE'
        and table_schema not in ('pg_catalog', 'information_schema')""";

  private DatabaseDump() {}

  /** Returns the rows of each table, with raw bytes. */
  static Map<String, String> ofNode(Path home) throws IOException, SQLException {
    var tables = new TreeMap<String, String>();
    try (var connection = connect(home);
        var statement = connection.createStatement();
        var names = statement.executeQuery(TABLES)) {
      while (names.next()) tables.put(names.getString(1), rows(connection, names.getString(1)));
    }
    return tables;
  }

  /** Connects as the superuser, without the service. */
  static Connection connect(Path home) throws IOException, SQLException {
    var passwords = new Properties();
    passwords.load(new StringReader(Files.readString(home.resolve("keys/postgres.properties"))));
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port(home) + "/agentledger",
        "postgres",
        passwords.getProperty("superuser"));
  }

  private static String port(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home.resolve("database"))) {
      var pid = files.filter(file -> file.endsWith("postmaster.pid")).findFirst().orElseThrow();
      return Files.readAllLines(pid).get(3).strip();
    }
  }

  private static String rows(Connection connection, String table) throws SQLException {
    var text = new StringBuilder();
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery("select * from " + table)) {
      while (rows.next())
        for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++)
          text.append(value(rows, column)).append('\n');
    }
    return text.toString();
  }

  private static String value(ResultSet rows, int column) throws SQLException {
    if (!rows.getMetaData().getColumnTypeName(column).equals("bytea"))
      return String.valueOf(rows.getString(column));
    byte[] bytes = rows.getBytes(column);
    return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
