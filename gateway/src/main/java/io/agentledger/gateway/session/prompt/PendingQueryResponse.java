package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionView.PendingAction;
import java.util.List;

/**
 * A query whose run has not ended: its fields, and what the run waits for.
 *
 * @param pendingActions actions that the run waits for, oldest first: its own, or those of the run
 *     before it
 */
public record PendingQueryResponse(
    QueryId id,
    SessionId sessionId,
    RunId runId,
    int queuePosition,
    long after,
    List<PendingAction> pendingActions) {
  static PendingQueryResponse create(QueryView query, List<PendingAction> pendingActions) {
    return new PendingQueryResponse(
        query.id(),
        query.sessionId(),
        query.runId(),
        query.queuePosition(),
        query.after(),
        pendingActions);
  }
}
