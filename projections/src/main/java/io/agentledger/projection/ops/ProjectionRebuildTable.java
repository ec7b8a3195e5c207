package io.agentledger.projection.ops;

import io.agentledger.api.ops.RebuildStatus;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Table with the last rebuild of each projection. The node in a row may continue the rebuild; its
 * batches write their position with their rows, in one transaction.
 */
final class ProjectionRebuildTable {
  private static final String TABLE = "public.projection_rebuild";
  private static final String MINE =
      "projection = ? and number = ? and status = 'RUNNING' and node = ?";

  private final JdbcClient sql;
  private final String node;

  ProjectionRebuildTable(JdbcClient sql, String node) {
    this.sql = sql;
    this.node = node;
  }

  /**
   * Name of a rebuild, which no other one has.
   *
   * @param number of the rebuild of its projection, from 1
   */
  record RebuildKey(String projection, long number) {}

  /**
   * State of a rebuild.
   *
   * @param shape of the shadow tables, and version of the software that fills them
   * @param position index of the last event that the shadow tables contain; -1 before the first
   * @param events number of indexes that were examined
   * @param active time in which they were
   */
  record RebuildEntry(
      RebuildKey key,
      RebuildStatus status,
      String shape,
      long position,
      long events,
      Duration active,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String failure) {}

  /** Adds a rebuild of this node; returns nothing if one is in progress. */
  Optional<RebuildKey> start(String projection, Instant now) {
    return sql.sql(
            """
            insert into %s as last (projection, number, status, shape, position, events, active_ms,
              node, started_at, updated_at)
            values (?, 1, 'RUNNING', '', -1, 0, 0, ?, ?, ?)
            on conflict (projection) do update set number = last.number + 1,
              status = excluded.status, shape = excluded.shape, position = excluded.position,
              events = excluded.events, active_ms = excluded.active_ms, node = excluded.node,
              started_at = excluded.started_at, updated_at = excluded.updated_at,
              ended_at = null, failure = null
            where last.status <> 'RUNNING'
            returning projection, number
            """
                .formatted(TABLE))
        .params(projection, node, utc(now), utc(now))
        .query(ProjectionRebuildTable::key)
        .optional();
  }

  /**
   * Claims all rebuilds that their nodes have left, and those of earlier runs of this node; not
   * those of which a batch is being handled.
   */
  List<RebuildKey> claim(Instant now, Instant deadSince) {
    return sql.sql(
            """
            update %s set node = ?, updated_at = ? where projection in (
              select projection from %s
              where status = 'RUNNING' and (node is null or node = ? or updated_at < ?)
              for update skip locked)
            returning projection, number
            """
                .formatted(TABLE, TABLE))
        .params(node, utc(now), node, utc(deadSince))
        .query(ProjectionRebuildTable::key)
        .list();
  }

  /** Lets another node continue at once. */
  void release(RebuildKey key) {
    sql.sql("update %s set node = null where %s".formatted(TABLE, MINE))
        .params(key.projection(), key.number(), node)
        .update();
  }

  /** Returns whether this node still has the rebuild, and states that it is alive. */
  boolean keep(RebuildKey key, Instant now) {
    return sql.sql("update %s set updated_at = ? where %s".formatted(TABLE, MINE))
            .params(utc(now), key.projection(), key.number(), node)
            .update()
        == 1;
  }

  /**
   * Locks the rebuild for the current transaction.
   *
   * @return false if it has ended, or if another node has it or another position
   */
  boolean lock(RebuildKey key, long position) {
    return sql.sql("select from %s where %s and position = ? for update".formatted(TABLE, MINE))
        .params(key.projection(), key.number(), node, position)
        .query((row, number) -> true)
        .optional()
        .isPresent();
  }

  /** Records a batch of events in its transaction, which has locked the rebuild. */
  void advance(RebuildKey key, long position, long events, Duration duration, Instant now) {
    sql.sql(
            """
            update %s set position = ?, events = events + ?, active_ms = active_ms + ?,
              updated_at = ? where projection = ?
            """
                .formatted(TABLE))
        .params(position, events, duration.toMillis(), utc(now), key.projection())
        .update();
  }

  /**
   * Lets the rebuild start from the first event, in the owner's transaction that creates its tables
   * with this shape; returns false if it has ended, or if another node has it.
   */
  boolean restart(JdbcTemplate owner, RebuildKey key, String shape) {
    return owner.update(
            "update %s set position = -1, events = 0, active_ms = 0, shape = ? where %s"
                .formatted(TABLE, MINE),
            shape,
            key.projection(),
            key.number(),
            node)
        == 1;
  }

  /**
   * Completes the rebuild in the owner's transaction that replaces the tables; returns false if it
   * has ended, or if another node has it.
   */
  boolean complete(JdbcTemplate owner, RebuildKey key, Instant now) {
    return owner.update(
            "update %s set status = 'COMPLETED', ended_at = ?, updated_at = ? where %s"
                .formatted(TABLE, MINE),
            utc(now),
            utc(now),
            key.projection(),
            key.number(),
            node)
        == 1;
  }

  /** Ends a rebuild of this node without a result, unless it has ended. */
  void fail(RebuildKey key, String failure, Instant now) {
    sql.sql(
            """
            update %s set status = 'FAILED', failure = ?, ended_at = ?, updated_at = ? where %s
            """
                .formatted(TABLE, MINE))
        .params(failure, utc(now), utc(now), key.projection(), key.number(), node)
        .update();
  }

  /** Cancels the rebuild in progress, of any node; returns nothing if there is none. */
  Optional<RebuildKey> cancel(String projection, Instant now) {
    return sql.sql(
            """
            update %s set status = 'CANCELLED', ended_at = ?, updated_at = ?
            where projection = ? and status = 'RUNNING' returning projection, number
            """
                .formatted(TABLE))
        .params(utc(now), utc(now), projection)
        .query(ProjectionRebuildTable::key)
        .optional();
  }

  Optional<RebuildEntry> find(String projection) {
    return sql.sql("select * from %s where projection = ?".formatted(TABLE))
        .param(projection)
        .query(ProjectionRebuildTable::entry)
        .optional();
  }

  /** Returns the schemas of rebuilds that have ended. */
  List<String> findLeftSchemas() {
    return sql.sql(
            """
            select nspname from pg_namespace, %s
            where nspname ~ ('^rebuild_' || projection || '(_[0-9]+)?$')
              and not (status = 'RUNNING' and nspname = 'rebuild_' || projection || '_' || number)
            """
                .formatted(TABLE))
        .query(String.class)
        .list();
  }

  private static RebuildEntry entry(ResultSet row, int number) throws SQLException {
    var endedAt = row.getObject("ended_at", OffsetDateTime.class);
    return new RebuildEntry(
        key(row, number),
        RebuildStatus.valueOf(row.getString("status")),
        row.getString("shape"),
        row.getLong("position"),
        row.getLong("events"),
        Duration.ofMillis(row.getLong("active_ms")),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        endedAt == null ? null : endedAt.toInstant(),
        row.getString("failure"));
  }

  private static RebuildKey key(ResultSet row, int number) throws SQLException {
    return new RebuildKey(row.getString("projection"), row.getLong("number"));
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
