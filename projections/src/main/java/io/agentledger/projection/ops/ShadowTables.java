package io.agentledger.projection.ops;

import io.agentledger.projection.ops.ProjectionRebuildTable.RebuildKey;
import io.agentledger.store.postgres.SchemaOwner;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
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

  /** Indexes that are created at the same time; each needs memory of PostgreSQL for its sort. */
  private static final int INDEXES_AT_A_TIME = 2;

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

  /** Statements of the owner of the tables, on one connection that commits each of them. */
  interface OwnerWork<T> {
    T execute(Connection owner) throws SQLException;
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

  /** Executes statements of the owner. */
  <T> T asOwner(OwnerWork<T> work) {
    return asOwner(owner, work);
  }

  private static <T> T asOwner(SchemaOwner owner, OwnerWork<T> work) {
    try (var connection = owner.connect()) {
      return work.execute(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("a statement about shadow tables failed", e);
    }
  }

  private static JdbcTemplate sql(Connection connection) {
    return new JdbcTemplate(new SingleConnectionDataSource(connection, true));
  }

  /**
   * Creates empty tables with the columns, constraints and settings of the live ones, and with the
   * indexes that event handlers use.
   *
   * @param application role that fills them
   * @param permission whether the rebuild has not ended; asked in the same transaction
   * @return false without a permission, and then there are no tables
   */
  boolean create(Connection owner, String application, Predicate<JdbcTemplate> permission)
      throws SQLException {
    var sql = sql(owner);
    owner.setAutoCommit(false);
    boolean permitted = permission.test(sql);
    if (permitted) {
      sql.execute("drop schema if exists %s cascade; create schema %s".formatted(schema, schema));
      var created = Stream.concat(tables.stream(), Stream.of(DEAD_LETTERS)).toList();
      executeAll(sql, created.stream().map(this::creation));
      executeAll(sql, sql.queryForList(constraints(created), String.class).stream());
      sql.execute(
          """
          grant usage on schema %s to %s;
          grant select, insert, update, delete on all tables in schema %s to %s
          """
              .formatted(schema, application, schema, application));
    }
    owner.commit();
    owner.setAutoCommit(true);
    return permitted;
  }

  /** Executes statements in one round trip. */
  private static void executeAll(JdbcTemplate sql, Stream<String> statements) {
    sql.execute(statements.collect(Collectors.joining("; ")));
  }

  private String creation(String table) {
    return "create table %s.%s (like %s.%s including all excluding indexes)"
        .formatted(schema, table, LIVE, table);
  }

  /** Returns a query of the statements that give the new tables what the live ones have. */
  private String constraints(List<String> created) {
    return """
        with live as (
          select oid, relname, reloptions from pg_class
          where relnamespace = '%1$s'::regnamespace and relname in %3$s and relkind = 'r')
        select format('alter table %2$s.%%I add constraint %%I %%s',
          relname, conname, pg_get_constraintdef(c.oid))
        from live join pg_constraint c on conrelid = live.oid and contype in ('p', 'u', 'x')
        union all
        select replace(pg_get_indexdef(indexrelid), ' ON %1$s.', ' ON %2$s.')
        from live join pg_index i on indrelid = live.oid and not exists (
          select from pg_constraint c where c.conindid = i.indexrelid)
        join pg_class x on x.oid = indexrelid and x.relname not in %4$s
        union all
        select format('alter table %2$s.%%I set (%%s)', relname, array_to_string(reloptions, ', '))
        from live where reloptions is not null
        """
        .formatted(LIVE, schema, literals(created), literals(ProjectionTables.INDEXES_OF_READERS));
  }

  /**
   * Creates the indexes that only readers use, each in its own transaction, some at the same time.
   *
   * @return false if there was none left to create
   */
  boolean createIndexesOfReaders() {
    var creations =
        asOwner(this::findMissingIndexes).stream()
            .<Callable<Boolean>>map(index -> () -> asOwner(connection -> create(index, connection)))
            .toList();
    if (creations.isEmpty()) return false;
    var names = Thread.ofPlatform().name(schema + "-index-", 0).factory();
    try (var threads = Executors.newFixedThreadPool(INDEXES_AT_A_TIME, names)) {
      for (var creation : threads.invokeAll(creations)) creation.get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) throw failure;
      throw new IllegalStateException("an index could not be created", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static boolean create(String index, Connection owner) {
    sql(owner).execute(index);
    return true;
  }

  /** Returns the statements that create the indexes of readers that are missing. */
  private List<String> findMissingIndexes(Connection owner) {
    return JdbcClient.create(sql(owner))
        .sql(
            """
            select replace(indexdef, ' ON %1$s.', ' ON %2$s.') from pg_indexes live
            where schemaname = '%1$s' and tablename in %3$s and indexname in %4$s
              and not exists (
                select from pg_indexes
                where schemaname = '%2$s' and indexname = live.indexname)
            order by 1
            """
                .formatted(
                    LIVE, schema, literals(tables), literals(ProjectionTables.INDEXES_OF_READERS)))
        .query(String.class)
        .list();
  }

  private static String literals(Collection<String> names) {
    return names.stream().collect(Collectors.joining("', '", "('", "')"));
  }

  /** Returns a digest of the columns and indexes of the live tables. */
  String shape(Connection owner) {
    return JdbcClient.create(sql(owner))
        .sql(
            """
            select md5(string_agg(part, ' ' order by part)) from (
              select concat_ws(' ', attrelid::regclass, attnum, attname, atttypid, atttypmod,
                attnotnull, attgenerated, pg_get_expr(adbin, adrelid))
              from pg_attribute join pg_class c on c.oid = attrelid
                left join pg_attrdef on adrelid = attrelid and adnum = attnum
              where c.relnamespace = '%1$s'::regnamespace and c.relname in %2$s
                and attnum > 0 and not attisdropped
              union all
              select indexdef from pg_indexes where schemaname = '%1$s' and tablename in %2$s
            ) p (part)
            """
                .formatted(LIVE, literals(tables)))
        .query(String.class)
        .single();
  }

  /** Deletes the tables, if there are any. */
  void drop() {
    drop(owner, schema);
  }

  /** Deletes the tables of a schema. */
  static void drop(SchemaOwner owner, String schema) {
    asOwner(
        owner,
        connection -> {
          drop(sql(connection), schema);
          return true;
        });
  }

  private static void drop(JdbcTemplate sql, String schema) {
    sql.execute("drop schema if exists " + schema + " cascade");
  }

  /**
   * Collects the statistics that the planner needs from the first query on: not of sealed contents,
   * which no query compares.
   */
  void analyze(Connection owner) {
    var sql = sql(owner);
    String compared =
        sql.queryForObject(
            """
            select string_agg(columns, ', ') from (
              select format('%%s (%%s)', attrelid::regclass, string_agg(quote_ident(attname), ', '))
              from pg_attribute join pg_class c on c.oid = attrelid
              where c.relnamespace = '%s'::regnamespace and c.relname in %s
                and attnum > 0 and not attisdropped and atttypid <> 'bytea'::regtype
              group by attrelid) t (columns)
            """
                .formatted(schema, literals(tables)),
            String.class);
    sql.execute("analyze " + compared);
  }

  /** Returns the number of sequences of dead letters that only the shadow tables have. */
  long countNewDeadLetters(Connection owner) {
    return JdbcClient.create(sql(owner))
        .sql(
            """
            select count(*) from (
              select sequenceidentifier from %s.%s where processinggroup = :projection
              except select sequenceidentifier from %s.%s where processinggroup = :projection) s
            """
                .formatted(schema, DEAD_LETTERS, LIVE, DEAD_LETTERS))
        .param("projection", projection)
        .query(Long.class)
        .single();
  }

  /**
   * Replaces the live tables and dead letters in one transaction: a reader sees all old rows or all
   * new ones. Without a result, the connection can only be closed.
   *
   * @return false if a table was in use for too long, or if the replacement declined
   */
  boolean replaceLiveTables(Connection owner, Replacement replacement) throws SQLException {
    owner.setAutoCommit(false);
    var sql = sql(owner);
    sql.execute("set local lock_timeout = '" + LOCK_TIMEOUT + "'");
    if (!lock(owner, names(LIVE)) || !replacement.prepare()) return false;
    if (!lock(owner, names(schema))) return false;
    sql.execute("drop table " + names(LIVE));
    executeAll(
        sql,
        tables.stream()
            .map(table -> "alter table %s.%s set schema %s".formatted(schema, table, LIVE)));
    sql.update(
        "delete from %s.%s where processinggroup = ?".formatted(LIVE, DEAD_LETTERS), projection);
    sql.update(
        "insert into %s.%s select * from %s.%s"
            .formatted(LIVE, DEAD_LETTERS, schema, DEAD_LETTERS));
    drop(sql, schema);
    if (!replacement.complete(sql)) return false;
    owner.commit();
    return true;
  }

  /** Returns false after a timeout; then the transaction can only be rolled back. */
  private static boolean lock(Connection connection, String tables) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("lock table " + tables + " in access exclusive mode");
      return true;
    } catch (SQLException e) {
      if (IN_USE.contains(e.getSQLState())) return false;
      throw e;
    }
  }

  private String names(String schema) {
    return tables.stream().map(table -> schema + "." + table).collect(Collectors.joining(", "));
  }
}
