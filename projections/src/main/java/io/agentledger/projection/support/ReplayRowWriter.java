package io.agentledger.projection.support;

import io.agentledger.store.postgres.BinaryCopy;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writer of the rows of a replay, which are collected, and copied before their batch commits. A
 * replay begins with empty tables and has each event once, so none of the rows is present.
 *
 * @param table with its columns in parentheses, in the order in which they are written
 */
public record ReplayRowWriter<R>(
    JdbcTemplate sql, String table, BinaryCopy.RowWriter<R> rowWriter) {
  /** Adds a row, which is copied before the batch commits. */
  public void add(R row, UnitOfWork<?> batch) {
    List<R> rows =
        batch.getOrComputeResource(
            table,
            key -> {
              batch.onPrepareCommit(this::write);
              return new ArrayList<>();
            });
    rows.add(row);
  }

  /** Copies the rows of the batch that are not copied yet. */
  public void write(UnitOfWork<?> batch) {
    List<R> rows = batch.getResource(table);
    if (rows == null || rows.isEmpty()) return;
    BinaryCopy.copy(sql, table, rows, rowWriter);
    rows.clear();
  }
}
