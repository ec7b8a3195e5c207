package io.agentledger.api.session.query;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SubmitResult;

/**
 * An accepted query.
 *
 * @param queuePosition number of queries before it; 0 if its run starts now
 * @param after sequence of the session's last event before the query; its events follow
 */
public record QueryView(
    QueryId id, SessionId sessionId, RunId runId, int queuePosition, long after) {
  /** Returns the first query of a result that has at least one. */
  public static QueryView from(SubmitResult result) {
    var first = result.queries().getFirst();
    return new QueryView(
        first.queryId(), result.sessionId(), first.runId(), first.queuePosition(), result.after());
  }
}
