package io.agentledger.query.session;

import io.agentledger.api.session.Activity;
import io.agentledger.projection.session.SessionRow;
import io.agentledger.projection.session.SessionRowRepository;
import io.agentledger.projection.session.hook.SessionHookRowRepository;
import io.agentledger.projection.session.run.RunRowRepository;
import io.agentledger.projection.session.run.SessionProcessRowRepository;
import io.agentledger.projection.session.run.SideRequestRowRepository;
import io.agentledger.projection.session.sharing.ShareRowRepository;
import io.agentledger.projection.session.transcript.MessageRowRepository;
import io.agentledger.projection.session.transcript.PendingActionRow;
import io.agentledger.projection.session.transcript.PendingActionRowRepository;
import io.agentledger.projection.session.transcript.ToolCallRowRepository;
import io.agentledger.projection.session.workspace.CheckpointRowRepository;
import io.agentledger.projection.session.workspace.DirectoryRowRepository;
import java.util.List;

/** Repositories of the read models of sessions. */
record SessionRepositories(
    SessionRowRepository sessions,
    RunRowRepository runs,
    MessageRowRepository messages,
    ToolCallRowRepository calls,
    PendingActionRowRepository actions,
    ShareRowRepository shares,
    DirectoryRowRepository directories,
    SessionHookRowRepository hooks,
    CheckpointRowRepository checkpoints,
    SideRequestRowRepository sideRequests,
    SessionProcessRowRepository processes) {
  /**
   * Returns the pending actions of sessions, oldest first; without a query if no session waits for
   * an answer.
   */
  List<PendingActionRow> pendingActionsOf(String tenant, List<SessionRow> rows) {
    var waiting =
        rows.stream()
            .filter(row -> row.activity() == Activity.WAITING)
            .map(SessionRow::id)
            .toArray(String[]::new);
    return waiting.length == 0 ? List.of() : actions.findBySessions(tenant, waiting);
  }
}
