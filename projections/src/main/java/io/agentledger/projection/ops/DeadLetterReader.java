package io.agentledger.projection.ops;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads the dead letters of projections, in order within each sequence. */
public final class DeadLetterReader {
  /** Table of Axon's dead-letter queues. */
  public static final String TABLE = "dead_letter";

  private final JdbcClient sql;

  DeadLetterReader(JdbcClient sql) {
    this.sql = sql;
  }

  /**
   * One dead letter.
   *
   * @param enqueuedAt as Axon writes it, ISO-8601 with milliseconds, so that the text sorts by time
   */
  public record DeadLetterEntry(
      String id,
      String projection,
      String sequence,
      String event,
      String cause,
      String enqueuedAt) {}

  public long count(String projection) {
    return sql.sql("select count(*) from dead_letter where processinggroup = ?")
        .param(projection)
        .query(Long.class)
        .single();
  }

  /** Returns whether later events of the sequence wait behind a dead letter. */
  public boolean contains(String projection, String sequence) {
    return sql.sql(
            """
            select exists (select 1 from dead_letter
              where processinggroup = ? and sequenceidentifier = ?)""")
        .params(projection, sequence)
        .query(Boolean.class)
        .single();
  }

  /** Returns dead letters oldest first, after the given one. */
  public List<DeadLetterEntry> page(String projection, String enqueuedAt, String id, int limit) {
    return sql.sql(
            """
            select deadletteridentifier, processinggroup, sequenceidentifier, payloadtype,
              coalesce(causetype || ': ' || causemessage, causetype,
                'waits behind a letter of the same sequence'), enqueuedat
            from dead_letter
            where processinggroup = ? and (enqueuedat, deadletteridentifier) > (?, ?)
            order by enqueuedat, deadletteridentifier limit ?""")
        .params(projection, enqueuedAt, id, limit)
        .query(
            (row, number) ->
                new DeadLetterEntry(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getString(4),
                    row.getString(5),
                    row.getString(6)))
        .list();
  }
}
