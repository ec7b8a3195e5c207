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
 * Request to stream the events of a session.
 *
 * @param after the facts behind this one; 0 is the whole story
 * @param newestSequence how many facts the session is known to have: what is up to there is in the
 *     store
 * @param queryScope when given, the stream is this query's: others' runs are left out, and it ends
 *     behind the result with {@code done}
 */
public record StreamRequest(
    RequestContext context,
    SessionId sessionId,
    long after,
    long newestSequence,
    @Nullable QueryScope queryScope) {
  /** The query whose stream it is. */
  public record QueryScope(QueryId queryId, RunId runId) {}

  /** A session's whole stream behind {@code after}. */
  public static StreamRequest forSession(RequestContext context, SessionView session, long after) {
    return new StreamRequest(context, session.id(), after, session.sequence(), null);
  }

  /** A query's own stream. */
  public static StreamRequest forQuery(RequestContext context, QueryView query) {
    var queryScope = new QueryScope(query.id(), query.runId());
    return new StreamRequest(context, query.sessionId(), query.after(), query.after(), queryScope);
  }

  boolean isInScope(EncodedItem encodedItem) {
    return queryScope == null
        || encodedItem.runId() == null
        || queryScope.runId().equals(encodedItem.runId());
  }

  boolean isLast(EncodedItem encodedItem) {
    return queryScope != null
        && encodedItem.type().equals("result")
        && queryScope.runId().equals(encodedItem.runId());
  }

  /** What stands behind the result. */
  StreamItem.Body doneBody() {
    if (queryScope == null) throw new IllegalStateException("a session's stream has no end");
    return new StreamItem.Done(queryScope.queryId());
  }
}
