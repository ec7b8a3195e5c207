package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionQuery.FollowSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.support.web.RequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Request to stream the events of a session.
 *
 * @param after sequence after which the stream starts; 0 for all events, {@link
 *     FollowSession#FROM_NOW} for events from now on
 * @param newestSequence sequence up to which events are known to be in the store
 * @param resumed whether the client may have received transient events after {@code after} already;
 *     only those that arrive from now on are sent
 * @param queryScope if given, the stream is limited to this query: it omits other runs, and ends
 *     with {@code done} after the result, when it is withdrawn, or when a run of the session waits
 *     for budget
 */
public record StreamRequest(
    RequestContext context,
    SessionId sessionId,
    long after,
    long newestSequence,
    boolean resumed,
    @Nullable QueryScope queryScope) {
  /** The query of a stream, with its run. */
  public record QueryScope(QueryId queryId, RunId runId) {}

  /** Creates a request for a session's whole stream after {@code after}. */
  public static StreamRequest forSession(RequestContext context, SessionId session, long after) {
    return new StreamRequest(context, session, after, after, false, null);
  }

  /**
   * Creates a request for a session's stream after the last event that the client has received.
   *
   * @param position sequence of that event; null for events from now on
   */
  public static StreamRequest resume(
      RequestContext context, SessionId session, @Nullable Long position) {
    return position == null
        ? forSession(context, session, FollowSession.FROM_NOW)
        : new StreamRequest(context, session, position, position, true, null);
  }

  /** Creates a request for a query's own stream. */
  public static StreamRequest forQuery(RequestContext context, QueryView query) {
    var queryScope = new QueryScope(query.id(), query.runId());
    return new StreamRequest(
        context, query.sessionId(), query.after(), query.after(), false, queryScope);
  }

  /** Returns the request with the current position of its session. */
  StreamRequest positionedIn(SessionView session) {
    long newest = session.sequence();
    long start = after == FollowSession.FROM_NOW ? newest : after;
    return new StreamRequest(context, sessionId, start, newest, resumed, null);
  }

  boolean isInScope(EncodedItem encodedItem) {
    return queryScope == null
        || encodedItem.runId() == null
        || queryScope.runId().equals(encodedItem.runId());
  }

  /** Returns why the stream ends after the item; null if it continues. */
  StreamItem.Done.@Nullable Reason endReason(EncodedItem encodedItem) {
    if (queryScope == null || !queryScope.runId().equals(encodedItem.runId())) return null;
    if (encodedItem.type().equals("result")) return StreamItem.Done.Reason.RUN_ENDED;
    return "QueryWithdrawn".equals(encodedItem.event())
        ? StreamItem.Done.Reason.QUERY_WITHDRAWN
        : null;
  }

  /** Returns whether the item pauses the query's run, or the one that it waits for. */
  boolean isPause(EncodedItem encodedItem) {
    return queryScope != null && "RunPaused".equals(encodedItem.event());
  }

  /** Returns the last item of the stream. */
  StreamItem.Body doneBody(StreamItem.Done.Reason reason) {
    if (queryScope == null) throw new IllegalStateException("a session's stream has no end");
    return new StreamItem.Done(queryScope.queryId(), reason);
  }
}
