package io.agentledger.gateway.session.prompt;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.SessionView.PendingAction;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Status and answer of a run, as far as it has come.
 *
 * @param result the answer; null before the end
 * @param pendingActions actions that the run waits for, oldest first: its own, or those of the run
 *     before it
 */
public record RunOutcome(
    SessionId sessionId,
    RunId runId,
    RunView.Status status,
    @Nullable String result,
    @Nullable Json structuredOutput,
    @Nullable String error,
    Money costUsd,
    List<PendingAction> pendingActions) {
  static RunOutcome of(RunView run, SessionView session) {
    return new RunOutcome(
        run.sessionId(),
        run.id(),
        run.status(),
        run.result(),
        run.structuredOutput(),
        run.error(),
        run.costUsd(),
        pendingActions(run, session));
  }

  /** Returns what a run waits for; a queued one waits for what the run before it waits for. */
  static List<PendingAction> pendingActions(RunView run, SessionView session) {
    boolean isQueued = run.status() == RunView.Status.QUEUED;
    return session.pendingActions().stream()
        .filter(action -> isQueued || action.runId().equals(run.id()))
        .toList();
  }
}
