package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.QueryView;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.StreamItem;
import io.agentledger.gateway.support.Visit;
import org.jspecify.annotations.Nullable;

/**
 * What a follower reads.
 *
 * @param after the facts behind this one; 0 is the whole story
 * @param newest how many facts the session is known to have: what is up to there is in the store
 * @param only when given, the stream is this query's: others' runs are left out, and it ends behind
 *     the result with {@code done}
 */
public record Plan(Visit visit, SessionId session, long after, long newest, @Nullable Only only) {
  /** The query whose stream it is. */
  public record Only(QueryId query, RunId run) {}

  /** A session's whole stream behind {@code after}. */
  public static Plan of(Visit visit, SessionView session, long after) {
    return new Plan(visit, session.id(), after, session.sequence(), null);
  }

  /** A query's own stream. */
  public static Plan of(Visit visit, QueryView query) {
    var only = new Only(query.id(), query.runId());
    return new Plan(visit, query.sessionId(), query.after(), query.after(), only);
  }

  boolean wants(Line line) {
    return only == null || line.run() == null || only.run().equals(line.run());
  }

  boolean endsWith(Line line) {
    return only != null && line.type().equals("result") && only.run().equals(line.run());
  }

  /** What stands behind the result. */
  StreamItem.Body end() {
    if (only == null) throw new IllegalStateException("a session's stream has no end");
    return new StreamItem.Done(only.query());
  }
}
