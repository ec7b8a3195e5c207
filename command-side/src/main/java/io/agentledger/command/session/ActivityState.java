package io.agentledger.command.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import java.util.List;

/** Current activity of a session, with the actions that it waits for. */
record ActivityState(Activity activity, List<ActionId> pending) {
  /** Initial activity of every session, without an event. */
  static final ActivityState IDLE = new ActivityState(Activity.IDLE, List.of());

  ActivityState {
    pending = List.copyOf(pending);
  }

  static ActivityState from(
      PendingActions actions, OpenRuns runs, SessionLifecycle sessionLifecycle) {
    if (!actions.pendingIds().isEmpty())
      return new ActivityState(Activity.WAITING, actions.pendingIds());
    var states = runs.open().stream().map(Run::state).toList();
    if (states.isEmpty()) return sessionLifecycle.isEnded() ? from(Activity.ENDED) : IDLE;
    if (states.contains(Run.State.RUNNING) || states.contains(Run.State.ISSUED))
      return from(Activity.RUNNING);
    return from(states.contains(Run.State.RETRYING) ? Activity.RETRYING : Activity.WAITING);
  }

  private static ActivityState from(Activity activity) {
    return new ActivityState(activity, List.of());
  }
}
