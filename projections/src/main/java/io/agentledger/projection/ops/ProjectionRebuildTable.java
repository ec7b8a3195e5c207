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
  private static final String MINE = "projection = ? and status = 'RUNNING' and node = ?";

  private final JdbcClient sql;
  private final String node;

  ProjectionRebuildTable(JdbcClient sql, String node) {
    this.sql = sql;
    this.node = node;
  }

  /**
   * State of a rebuild.
   *
   * @param shape of the shadow tables, and version of the software that fills them
   * @param position index of the last event that the shadow tables contain; -1 before the first
   * @param events number of events that were handled
   * @param active time in which they were
   */
  record RebuildEntry(
      String projection,
      RebuildStatus status,
      String shape,
      long position,
      long events,
      Duration active,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String failure) {}

  /** Adds a rebuild of this node; returns false if one is in progress. */
  boolean start(String projection, Instant now) {
    return sql.sql(
                """
                insert into %s as last
                  (projection, status, shape, position, events, active_ms, node, started_at, updated_at)
                values (?, 'RUNNING', '', -1, 0, 0, ?, ?, ?)
                on conflict (projection) do update set status = excluded.status,
                  shape = excluded.shape, position = excluded.position,
                  events = excluded.events, active_ms = excluded.active_ms, node = excluded.node,
                  started_at = excluded.started_at, updated_at = excluded.updated_at,
                  ended_at = null, failure = null
                where last.status <> 'RUNNING'
                """
                    .formatted(TABLE))
            .params(projection, node, utc(now), utc(now))
            .update()
        == 1;
  }

  /**
   * Claims all rebuilds that their nodes have left, and those of earlier runs of this node; not
   * those of which a batch is being handled.
   */
  List<String> claim(Instant now, Instant deadSince) {
    return sql.sql(
            """
            update %s set node = ?, updated_at = ? where projection in (
              select projection from %s
              where status = 'RUNNING' and (node is null or node = ? or updated_at < ?)
              for update skip locked)
            returning projection
            """
                .formatted(TABLE, TABLE))
        .params(node, utc(now), node, utc(deadSince))
        .query(String.class)
        .list();
  }

  /** Lets another node continue at once. */
  void release(String projection) {
    sql.sql("update %s set node = null where %s".formatted(TABLE, MINE))
        .params(projection, node)
        .update();
  }

  /** Returns whether this node still has the rebuild, and states that it is alive. */
  boolean keep(String projection, Instant now) {
    return sql.sql("update %s set updated_at = ? where %s".formatted(TABLE, MINE))
            .params(utc(now), projection, node)
            .update()
        == 1;
  }

  /**
   * Locks the rebuild for the current transaction.
   *
   * @return false if it was cancelled, or if another node has it or another position
   */
  boolean lock(String projection, long position) {
    return sql.sql("select from %s where %s and position = ? for update".formatted(TABLE, MINE))
        .params(projection, node, position)
        .query((row, number) -> true)
        .optional()
        .isPresent();
  }

  /** Records a batch of events in its transaction. */
  void advance(String projection, long position, int events, Duration duration, Instant now) {
    sql.sql(
            """
            update %s set position = ?, events = events + ?, active_ms = active_ms + ?,
              updated_at = ? where projection = ?
            """
                .formatted(TABLE))
        .params(position, events, duration.toMillis(), utc(now), projection)
        .update();
  }

  /** Starts again from the first event, with empty tables of this shape. */
  void restart(String projection, String shape) {
    sql.sql(
            "update %s set position = -1, events = 0, active_ms = 0, shape = ? where %s"
                .formatted(TABLE, MINE))
        .params(shape, projection, node)
        .update();
  }

  /** Completes the rebuild in the owner's transaction; returns false if it was cancelled. */
  boolean complete(JdbcTemplate owner, String projection, Instant now) {
    return owner.update(
            "update %s set status = 'COMPLETED', ended_at = ?, updated_at = ? where %s"
                .formatted(TABLE, MINE),
            utc(now),
            utc(now),
            projection,
            node)
        == 1;
  }

  /** Ends a rebuild without a result; returns false if none is in progress. */
  boolean end(String projection, RebuildStatus status, String failure, Instant now) {
    return sql.sql(
                """
                update %s set status = ?, failure = nullif(?, ''), ended_at = ?, updated_at = ?
                where projection = ? and status = 'RUNNING'
                """
                    .formatted(TABLE))
            .params(status.name(), failure, utc(now), utc(now), projection)
            .update()
        == 1;
  }

  Optional<RebuildEntry> find(String projection) {
    return sql.sql("select * from %s where projection = ?".formatted(TABLE))
        .param(projection)
        .query(ProjectionRebuildTable::entry)
        .optional();
  }

  /** Returns rebuilds that have ended and whose shadow tables are still there. */
  List<String> findLeftovers() {
    return sql.sql(
            """
            select projection from %s
            where status <> 'RUNNING' and to_regnamespace('rebuild_' || projection) is not null
            """
                .formatted(TABLE))
        .query(String.class)
        .list();
  }

  private static RebuildEntry entry(ResultSet row, int number) throws SQLException {
    var endedAt = row.getObject("ended_at", OffsetDateTime.class);
    return new RebuildEntry(
        row.getString("projection"),
        RebuildStatus.valueOf(row.getString("status")),
        row.getString("shape"),
        row.getLong("position"),
        row.getLong("events"),
        Duration.ofMillis(row.getLong("active_ms")),
        row.getObject("started_at", OffsetDateTime.class).toInstant(),
        endedAt == null ? null : endedAt.toInstant(),
        row.getString("failure"));
  }

  private static OffsetDateTime utc(Instant time) {
    return time.atOffset(ZoneOffset.UTC);
  }
}
