package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * What a follower reads.
 *
 * @param after the facts behind this one; 0 is the whole story
 * @param newest how many facts the session is known to have: what is up to there is in the store
 * @param only when given, the stream is this query's: others' runs are left out, and it ends behind
 *     the result with {@code done}
 */
public record StreamRequest(
    RequestContext visit, SessionId session, long after, long newest, @Nullable QueryScope only) {
  /** The query whose stream it is. */
  public record QueryScope(QueryId query, RunId run) {}

  /** A session's whole stream behind {@code after}. */
  public static StreamRequest create(RequestContext context, SessionView session, long after) {
    return new StreamRequest(context, session.id(), after, session.sequence(), null);
  }

  /** A query's own stream. */
  public static StreamRequest create(RequestContext context, QueryView query) {
    var queryScope = new QueryScope(query.id(), query.runId());
    return new StreamRequest(context, query.sessionId(), query.after(), query.after(), queryScope);
  }

  boolean wants(EncodedItem encodedItem) {
    return only == null || encodedItem.run() == null || only.run().equals(encodedItem.run());
  }

  boolean endsWith(EncodedItem encodedItem) {
    return only != null
        && encodedItem.type().equals("result")
        && only.run().equals(encodedItem.run());
  }

  /** What stands behind the result. */
  StreamItem.Body end() {
    if (only == null) throw new IllegalStateException("a session's stream has no end");
    return new StreamItem.Done(only.query());
  }
}
