package io.agentledger.api.session.query;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SubmitResult;

/**
 * A query that was taken in.
 *
 * @param queuePosition how many queries are before it; 0 when its run starts now
 * @param after how many facts the session had before: its story goes on behind that number
 */
public record QueryView(
    QueryId id, SessionId sessionId, RunId runId, int queuePosition, long after) {
  /** The first query of a receipt that has one. */
  public static QueryView from(SubmitResult result) {
    var first = result.queries().getFirst();
    return new QueryView(
        first.queryId(), result.sessionId(), first.runId(), first.queuePosition(), result.after());
  }
}
