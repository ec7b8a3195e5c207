package io.agentledger.store.crypto;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.agentledger.store.crypto.DataKeyring.WrappedDataKey;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Table of the keyring. Uses two dedicated connections, so that a transaction that holds a
 * connection of the events' pool never waits for that pool here. Every statement is a transaction
 * of its own.
 */
public final class DataKeyTable implements AutoCloseable {
  static final int CONNECTIONS = 2;
  private static final String FIND =
      "select key_id, wrapped, master from keyring.session_key where key_id = ?";
  private static final String FIND_ALL =
      "select key_id, wrapped, master from keyring.session_key where key_id = any(?)";

  private final HikariDataSource dataSource;

  /**
   * Opens the table.
   *
   * @param pool address and credentials of the database; the size is set here
   */
  public DataKeyTable(HikariConfig pool) {
    pool.setPoolName("keyring");
    pool.setMaximumPoolSize(CONNECTIONS);
    pool.setMinimumIdle(1);
    pool.setAutoCommit(true);
    this.dataSource = new HikariDataSource(pool);
  }

  DataSource dataSource() {
    return dataSource;
  }

  Optional<WrappedDataKey> find(String keyId) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(FIND)) {
      select.setString(1, keyId);
      try (ResultSet rows = select.executeQuery()) {
        return rows.next()
            ? Optional.of(
                new WrappedDataKey(rows.getString(1), rows.getBytes(2), rows.getString(3)))
            : Optional.empty();
      }
    }
  }

  /** Returns those of the keys that exist. */
  List<WrappedDataKey> findAll(Collection<String> keyIds) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(FIND_ALL)) {
      select.setArray(1, connection.createArrayOf("text", keyIds.toArray()));
      var keys = new ArrayList<WrappedDataKey>(keyIds.size());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next())
          keys.add(new WrappedDataKey(rows.getString(1), rows.getBytes(2), rows.getString(3)));
      }
      return keys;
    }
  }

  /** Adds a key and returns the stored one, because another node may have added it first. */
  WrappedDataKey addIfAbsent(WrappedDataKey key) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into keyring.session_key (key_id, wrapped, master) values (?, ?, ?)"
                    + " on conflict do nothing")) {
      insert.setString(1, key.id());
      insert.setBytes(2, key.wrapped());
      insert.setString(3, key.masterKeyId());
      insert.executeUpdate();
    }
    return find(key.id())
        .orElseThrow(() -> new SQLException("the key " + key.id() + " was destroyed meanwhile"));
  }

  /** Deletes a key if it exists. */
  void delete(String keyId) throws SQLException {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement delete =
            connection.prepareStatement("delete from keyring.session_key where key_id = ?")) {
      delete.setString(1, keyId);
      delete.executeUpdate();
    }
  }

  boolean isOpen() {
    return !dataSource.isClosed();
  }

  @Override
  public void close() {
    dataSource.close();
  }
}
