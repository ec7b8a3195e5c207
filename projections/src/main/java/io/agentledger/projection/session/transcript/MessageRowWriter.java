package io.agentledger.projection.session.transcript;

import io.agentledger.projection.support.SealedContentConverter;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Inserts the messages of a batch of events by few statements, before the batch commits. Rows that
 * are present already stay as they are. Most events are messages, so this costs less than half of
 * entities that are looked up and managed.
 */
final class MessageRowWriter {
  private static final String INSERT =
      """
      insert into message_row (session_id, sequence, tenant, message_id, block_index, query_id,
        run_id, thread_id, role, origin, block_type, block, at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing
      """;

  /** Rows of one round trip. */
  private static final int ROWS_MAX = 500;

  private static final String PENDING_RESOURCE = MessageRowWriter.class.getName();

  private final SealedContentConverter sealed = new SealedContentConverter();
  private final JdbcTemplate sql;

  MessageRowWriter(JdbcTemplate sql) {
    this.sql = sql;
  }

  /** Adds a row, which is inserted before the batch commits. */
  void add(MessageRow row, UnitOfWork<?> batch) {
    batch
        .<List<MessageRow>>getOrComputeResource(
            PENDING_RESOURCE,
            key -> {
              batch.onPrepareCommit(this::write);
              return new ArrayList<>();
            })
        .add(row);
  }

  /** Inserts the rows of the batch that are not inserted yet. */
  void write(UnitOfWork<?> batch) {
    List<MessageRow> pending = batch.getResource(PENDING_RESOURCE);
    if (pending == null || pending.isEmpty()) return;
    sql.batchUpdate(INSERT, pending, ROWS_MAX, this::set);
    pending.clear();
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
