package io.agentledger.query.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.PositionBeyondEnd;
import io.agentledger.api.shared.SessionRejection.SessionNotYetOpened;
import java.time.Instant;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds the last event of a session at a position. */
final class SessionPositions {
  /** Later than any event; PostgreSQL has no times much later. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** Earlier than any event; PostgreSQL has no times much earlier. */
  private static final Instant EARLIEST = Instant.EPOCH;

  private final JdbcClient sql;

  SessionPositions(JdbcClient sql) {
    this.sql = sql;
  }

  /**
   * Returns the sequence number of the last event at a position.
   *
   * @param newest sequence number of the newest event
   * @throws RejectionException if the session did not exist yet, or has no such event yet
   */
  long sequenceAt(SessionId session, long newest, SessionPosition position) {
    return switch (position) {
      case SessionPosition.AtSequence(var sequence) -> {
        if (sequence > newest) throw new RejectionException(new PositionBeyondEnd(newest, "at"));
        yield sequence;
      }
      case SessionPosition.AsOf(var time) -> Math.min(newest, sequenceAsOf(session, time));
    };
  }

  private long sequenceAsOf(SessionId session, Instant time) {
    if (time.isAfter(LATEST)) return Long.MAX_VALUE;
    if (time.isBefore(EARLIEST))
      throw new RejectionException(new SessionNotYetOpened(openedAt(session)));
    long events =
        sql.sql(
                """
                select coalesce(min(sequencenumber), 9223372036854775807) from event
                where aggregateidentifier = ? and "timestamp"::timestamptz > ?
                """)
            .params(session.value(), time.atOffset(ZoneOffset.UTC))
            .query(Long.class)
            .single();
    if (events == 0) throw new RejectionException(new SessionNotYetOpened(openedAt(session)));
    return events;
  }

  private Instant openedAt(SessionId session) {
    return Instant.parse(
        sql.sql(
                "select \"timestamp\" from event where aggregateidentifier = ? and sequencenumber = 0")
            .param(session.value())
            .query(String.class)
            .single());
  }
}
