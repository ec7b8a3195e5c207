package io.agentledger.projection.session.transcript;

import io.agentledger.projection.support.ReplayRowWriter;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.store.postgres.BinaryCopy;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Inserts the messages of a batch of events by few statements, before the batch commits. Rows that
 * are present already stay as they are; a replay has none, so it copies. Most events are messages,
 * so this costs less than half of entities that are looked up and managed.
 */
final class MessageRowWriter {
  private static final String TABLE =
      """
      message_row (session_id, sequence, tenant, message_id, block_index, query_id, run_id,
        thread_id, role, origin, block_type, block, at)
      """;
  private static final String INSERT =
      "insert into "
          + TABLE
          + "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing";

  /** Rows of one round trip. */
  private static final int ROWS_MAX = 500;

  private static final String PENDING_RESOURCE = MessageRowWriter.class.getName();

  private final SealedContentConverter sealed = new SealedContentConverter();
  private final JdbcTemplate sql;
  private final ReplayRowWriter<MessageRow> replayed;

  MessageRowWriter(JdbcTemplate sql) {
    this.sql = sql;
    this.replayed = new ReplayRowWriter<>(sql, TABLE, this::write);
  }

  /** Adds a row, which is inserted before the batch commits. */
  void add(MessageRow row, ReplayStatus status, UnitOfWork<?> batch) {
    if (status.isReplay()) {
      replayed.add(row, batch);
      return;
    }
    List<MessageRow> pending =
        batch.getOrComputeResource(
            PENDING_RESOURCE,
            key -> {
              batch.onPrepareCommit(this::write);
              return new ArrayList<>();
            });
    pending.add(row);
  }

  /** Inserts the rows of the batch that are not inserted yet. */
  void write(UnitOfWork<?> batch) {
    replayed.write(batch);
    List<MessageRow> pending = batch.getResource(PENDING_RESOURCE);
    if (pending == null || pending.isEmpty()) return;
    sql.batchUpdate(INSERT, pending, ROWS_MAX, this::set);
    pending.clear();
  }

  private void write(MessageRow row, BinaryCopy fields) throws IOException {
    fields.addText(row.key().sessionId());
    fields.addLong(row.key().sequence());
    fields.addText(row.tenant());
    fields.addText(row.messageId());
    fields.addInt(row.blockIndex());
    fields.addText(row.queryId());
    fields.addText(row.runId());
    fields.addText(row.threadId());
    fields.addText(row.role().name());
    var origin = row.origin();
    fields.addText(origin == null ? null : origin.name());
    fields.addText(row.blockType());
    fields.addBytes(sealed.convertToDatabaseColumn(row.block()));
    fields.addInstant(row.at());
  }

  private void set(PreparedStatement insert, MessageRow row) throws SQLException {
    int column = 0;
    insert.setString(++column, row.key().sessionId());
    insert.setLong(++column, row.key().sequence());
    insert.setString(++column, row.tenant());
    insert.setString(++column, row.messageId());
    insert.setInt(++column, row.blockIndex());
    insert.setString(++column, row.queryId());
    insert.setString(++column, row.runId());
    insert.setString(++column, row.threadId());
    insert.setString(++column, row.role().name());
    var origin = row.origin();
    insert.setString(++column, origin == null ? null : origin.name());
    insert.setString(++column, row.blockType());
    insert.setBytes(++column, sealed.convertToDatabaseColumn(row.block()));
    insert.setObject(++column, row.at().atOffset(ZoneOffset.UTC));
  }
}
