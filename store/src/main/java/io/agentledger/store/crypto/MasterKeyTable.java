package io.agentledger.store.crypto;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Table of master keys: their ids, the nodes that have them and the number of keys that they wrap.
 */
final class MasterKeyTable {
  /** Time without a heartbeat after which a node counts as dead. */
  static final int ALIVE_SECONDS = 20;

  private static final String NODE_IS_ALIVE =
      "seen_at > now() - make_interval(secs => " + ALIVE_SECONDS + ")";

  private static final RowMapper<WrappedSecretRow> WRAPPED =
      (row, n) -> new WrappedSecretRow(row.getString(1), row.getBytes(2), row.getString(3));

  private final JdbcClient sql;
  private final TransactionTemplate transaction;

  /**
   * Response to the report of a node.
   *
   * @param primary id of the primary key
   * @param alone whether no other node lives
   */
  record Report(Optional<String> primary, boolean alone) {}

  /** Row of a key. */
  record MasterKeyEntry(String id, String status, Instant since) {}

  /** Secret under a master key. */
  record WrappedSecretRow(String rowId, byte[] wrapped, String masterKeyId) {}

  MasterKeyTable(DataSource keyring) {
    this.sql = JdbcClient.create(keyring);
    this.transaction = new TransactionTemplate(new DataSourceTransactionManager(keyring));
  }

  /** Runs the work in a new transaction; an open transaction of another pool is not affected. */
  void inNewTransaction(Runnable work) {
    transaction.executeWithoutResult(status -> work.run());
  }

  List<MasterKeyEntry> all() {
    return sql.sql("select id, status, since from keyring.master_key order by since, id")
        .query(
            (row, n) ->
                new MasterKeyEntry(
                    row.getString(1), row.getString(2), row.getTimestamp(3).toInstant()))
        .list();
  }

  Optional<String> findByStatus(String status) {
    return sql.sql("select id from keyring.master_key where status = ?")
        .param(status)
        .query(String.class)
        .optional();
  }

  /** Adds a key; false if the key exists already, or another one has that status. */
  boolean add(String id, String status) {
    return sql.sql(
                """
                insert into keyring.master_key (id, status) values (?, ?)
                on conflict do nothing""")
            .params(id, status)
            .update()
        == 1;
  }

  void promote(String id) {
    inNewTransaction(
        () -> {
          sql.sql("update keyring.master_key set status = 'old' where status = 'primary'").update();
          sql.sql("update keyring.master_key set status = 'primary', since = now() where id = ?")
              .param(id)
              .update();
        });
  }

  /** Removes an old key; fails with a violated reference while anything is wrapped with it. */
  boolean removeOld(String id) {
    return sql.sql("delete from keyring.master_key where id = ? and status = 'old'")
            .param(id)
            .update()
        == 1;
  }

  /** Removes all keys of a database in which nothing was ever wrapped. */
  void removeAll() {
    sql.sql("delete from keyring.master_key").update();
  }

  /** Saves that a node lives and which of the known keys it has. */
  Report saveHolder(String node, Collection<String> ids) {
    return sql.sql(
            """
            with saved as (
              insert into keyring.master_holder (node, master)
              select ?, id from keyring.master_key where id = any (?)
              on conflict (node, master) do update set seen_at = now())
            select (select id from keyring.master_key where status = 'primary'),
              not exists (select 1 from keyring.master_holder where node <> ? and %s)"""
                .formatted(NODE_IS_ALIVE))
        .params(node, ids.toArray(String[]::new), node)
        .query((row, n) -> new Report(Optional.ofNullable(row.getString(1)), row.getBoolean(2)))
        .single();
  }

  void deleteHolder(String node) {
    sql.sql("delete from keyring.master_holder where node = ?").param(node).update();
  }

  List<String> findOtherLiveNodes(String node) {
    return sql.sql(
            "select distinct node from keyring.master_holder where node <> ? and " + NODE_IS_ALIVE)
        .param(node)
        .query(String.class)
        .list();
  }

  List<String> holders(String master) {
    return sql.sql(
            "select node from keyring.master_holder where master = ? and "
                + NODE_IS_ALIVE
                + " order by node")
        .param(master)
        .query(String.class)
        .list();
  }

  /** Returns the living nodes that do not have the key. */
  List<String> findNodesWithout(String master) {
    return sql.sql(
            "select distinct node from keyring.master_holder where "
                + NODE_IS_ALIVE
                + " except select node from keyring.master_holder where master = ? and "
                + NODE_IS_ALIVE
                + " order by node")
        .param(master)
        .query(String.class)
        .list();
  }

  long count(WrappedSecretTable table, String master) {
    return sql.sql("select count(*) from " + table.table() + " where master = ?")
        .param(master)
        .query(Long.class)
        .single();
  }

  /** Returns one secret that the key wraps. */
  Optional<WrappedSecretRow> sample(WrappedSecretTable table, String master) {
    return sql.sql(select(table) + " where master = ? limit 1")
        .param(master)
        .query(WRAPPED)
        .optional();
  }

  /** Returns one secret that was wrapped before master keys had names. */
  Optional<WrappedSecretRow> findWithoutMasterKey(WrappedSecretTable table) {
    return sql.sql(select(table) + " where master is null limit 1").query(WRAPPED).optional();
  }

  void setMissingMasterKey(WrappedSecretTable table, String master) {
    sql.sql("update " + table.table() + " set master = ? where master is null")
        .param(master)
        .update();
  }

  /**
   * Returns some secrets under old keys, locked until the transaction ends; skips rows that another
   * transaction has locked.
   */
  List<WrappedSecretRow> lockOutdated(WrappedSecretTable table, int limit) {
    return sql.sql(
            select(table)
                + " where master in (select id from keyring.master_key where status = 'old')"
                + " limit ? for update skip locked")
        .param(limit)
        .query(WRAPPED)
        .list();
  }

  void replace(WrappedSecretTable table, String row, byte[] wrapped, String master) {
    sql.sql("update " + table.table() + " set wrapped = ?, master = ? where " + table.id() + " = ?")
        .params(wrapped, master, row)
        .update();
  }

  private static String select(WrappedSecretTable table) {
    return "select " + table.id() + ", wrapped, coalesce(master, '') from " + table.table();
  }
}
