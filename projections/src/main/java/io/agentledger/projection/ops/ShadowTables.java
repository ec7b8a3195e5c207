package io.agentledger.projection.ops;

import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildKey;
import io.agentledger.store.postgres.SchemaOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Second set of the tables of a projection, in a schema of the rebuild, with the same names. A
 * transaction whose {@code search_path} begins with that schema writes to them.
 */
final class ShadowTables {
  private static final String LIVE = "public";

  /** Shared by all projections; the shadow table has the letters of one. */
  private static final String DEAD_LETTERS = DeadLetterReader.TABLE;

  /**
   * How long a replacement waits for each table, and readers behind it; then it is tried again.
   * Longer than a second, after which PostgreSQL cancels a vacuum that is in the way.
   */
  private static final String LOCK_TIMEOUT = "1500ms";

  private static final Set<String> IN_USE = Set.of("55P03", "40P01");

  private final SchemaOwner owner;
  private final String projection;
  private final String schema;
  private final List<String> tables;

  ShadowTables(SchemaOwner owner, RebuildKey key) {
    this.owner = owner;
    this.projection = key.projection();
    this.schema = "rebuild_" + projection + "_" + key.number();
    this.tables = ProjectionTables.BY_PROJECTION.getOrDefault(projection, List.of());
  }

  /** Statement of the owner of the tables, on its connection. */
  private interface OwnerWork<T> {
    T execute(JdbcTemplate sql) throws SQLException;
  }

  /** Checks and last steps of a replacement, while no one reads or writes the live tables. */
  interface Replacement {
    /** Returns whether the shadow tables contain everything that the live ones do. */
    boolean prepare();

    /** Returns whether the rebuild has not been cancelled; executed in the same transaction. */
    boolean complete(JdbcTemplate sql);
  }

  String schema() {
    return schema;
  }

  /**
   * Creates empty tables with the columns, constraints, indexes and settings of the live ones.
   *
   * @param application role that fills them
   * @param permission whether the rebuild has not ended; asked in the same transaction
   * @return false without a permission, and then there are no tables
   */
  boolean create(String application, Predicate<JdbcTemplate> permission) {
    return inTransaction(
        sql -> {
          if (!permission.test(sql)) return false;
          drop(sql, schema);
          sql.execute("create schema " + schema);
          for (String table : tables) create(table, sql);
          create(DEAD_LETTERS, sql);
          sql.execute("grant usage on schema %s to %s".formatted(schema, application));
          sql.execute(
              "grant select, insert, update, delete on all tables in schema %s to %s"
                  .formatted(schema, application));
          return true;
        });
  }

  private void create(String table, JdbcTemplate sql) {
    String shadow = schema + "." + table;
    String live = LIVE + "." + table;
    sql.execute(
        "create table %s (like %s including all excluding indexes)".formatted(shadow, live));
    sql.queryForList(
            """
            select 'alter table %s add constraint ' || quote_ident(conname) || ' '
              || pg_get_constraintdef(oid)
            from pg_constraint where conrelid = '%s'::regclass and contype in ('p', 'u', 'x')
            union all
            select replace(pg_get_indexdef(indexrelid), ' ON %s ', ' ON %s ')
            from pg_index i where indrelid = '%s'::regclass and not exists (
              select from pg_constraint c where c.conindid = i.indexrelid)
            union all
            select 'alter table %s set (' || array_to_string(reloptions, ', ') || ')'
            from pg_class where oid = '%s'::regclass and reloptions is not null
            """
                .formatted(shadow, live, live, shadow, live, shadow, live),
            String.class)
        .forEach(sql::execute);
  }

  /** Returns a digest of the columns and indexes of the live tables. */
  String shape() {
    String named =
        tables.stream().map(table -> "'" + table + "'").collect(Collectors.joining(", ", "(", ")"));
    String digest =
        """
        select md5(string_agg(part, ' ' order by part)) from (
          select concat_ws(' ', attrelid::regclass, attnum, attname, atttypid, atttypmod)
          from pg_attribute join pg_class c on c.oid = attrelid
          where c.relnamespace = '%s'::regnamespace and c.relname in %s
            and attnum > 0 and not attisdropped
          union all
          select indexdef from pg_indexes where schemaname = '%s' and tablename in %s
        ) p (part)
        """
            .formatted(LIVE, named, LIVE, named);
    return inTransaction(sql -> JdbcClient.create(sql).sql(digest).query(String.class).single());
  }

  /** Deletes the tables, if there are any. */
  void drop() {
    drop(owner, schema);
  }

  /** Deletes the tables of a schema. */
  static void drop(SchemaOwner owner, String schema) {
    inTransaction(owner, sql -> drop(sql, schema));
  }

  private static boolean drop(JdbcTemplate sql, String schema) {
    sql.execute("drop schema if exists " + schema + " cascade");
    return true;
  }

  /** Collects the statistics that the planner needs from the first query on. */
  void analyze() {
    inTransaction(
        sql -> {
          names(schema).forEach(table -> sql.execute("analyze " + table));
          return true;
        });
  }

  /** Returns the number of sequences of dead letters that only the shadow tables have. */
  long countNewDeadLetters() {
    String count =
        """
        select count(*) from (
          select sequenceidentifier from %s.%s where processinggroup = :projection
          except select sequenceidentifier from %s.%s where processinggroup = :projection) s
        """
            .formatted(schema, DEAD_LETTERS, LIVE, DEAD_LETTERS);
    return inTransaction(
        sql ->
            JdbcClient.create(sql)
                .sql(count)
                .param("projection", projection)
                .query(Long.class)
                .single());
  }

  /**
   * Replaces the live tables and dead letters in one transaction: a reader sees all old rows or all
   * new ones.
   *
   * @return false if a table was in use for too long, or if the replacement declined
   */
  boolean replaceLiveTables(Replacement replacement) {
    try (var connection = owner.connect()) {
      connection.setAutoCommit(false);
      var sql = new JdbcTemplate(new SingleConnectionDataSource(connection, true));
      sql.execute("set local lock_timeout = '" + LOCK_TIMEOUT + "'");
      if (!lock(connection, names(LIVE)) || !replacement.prepare()) return false;
      if (!lock(connection, names(schema))) return false;
      for (String table : tables) {
        sql.execute("drop table " + LIVE + "." + table);
        sql.execute("alter table %s.%s set schema %s".formatted(schema, table, LIVE));
      }
      sql.update(
          "delete from %s.%s where processinggroup = ?".formatted(LIVE, DEAD_LETTERS), projection);
      sql.update(
          "insert into %s.%s select * from %s.%s"
              .formatted(LIVE, DEAD_LETTERS, schema, DEAD_LETTERS));
      drop(sql, schema);
      if (!replacement.complete(sql)) return false;
      connection.commit();
      return true;
    } catch (SQLException e) {
      throw new IllegalStateException("the tables of " + projection + " were not replaced", e);
    }
  }

  /** Returns false after a timeout; then the transaction can only be rolled back. */
  private static boolean lock(Connection connection, Stream<String> tables) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(
          "lock table " + tables.collect(Collectors.joining(", ")) + " in access exclusive mode");
      return true;
    } catch (SQLException e) {
      if (IN_USE.contains(e.getSQLState())) return false;
      throw e;
    }
  }

  private Stream<String> names(String schema) {
    return tables.stream().map(table -> schema + "." + table);
  }

  private <T> T inTransaction(OwnerWork<T> work) {
    return inTransaction(owner, work);
  }

  private static <T> T inTransaction(SchemaOwner owner, OwnerWork<T> work) {
    try (var connection = owner.connect()) {
      connection.setAutoCommit(false);
      T result = work.execute(new JdbcTemplate(new SingleConnectionDataSource(connection, true)));
      connection.commit();
      return result;
    } catch (SQLException e) {
      throw new IllegalStateException("a statement about shadow tables failed", e);
    }
  }
}
