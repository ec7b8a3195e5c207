package io.agentledger.command.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.Activity;
import java.util.List;

/** What a session is doing, and what for. */
record Standing(Activity activity, List<ActionId> pending) {
  /** How every session begins; no event says so. */
  static final Standing IDLE = new Standing(Activity.IDLE, List.of());

  Standing {
    pending = List.copyOf(pending);
  }

  static Standing of(PendingActions actions, Runs runs, Keeping keeping) {
    if (!actions.waiting().isEmpty()) return new Standing(Activity.WAITING, actions.waiting());
    var states = runs.open().stream().map(Run::state).toList();
    if (states.isEmpty()) return keeping.isOver() ? of(Activity.ENDED) : IDLE;
    if (states.contains(Run.State.RUNNING) || states.contains(Run.State.ISSUED))
      return of(Activity.RUNNING);
    return of(states.contains(Run.State.RETRYING) ? Activity.RETRYING : Activity.WAITING);
  }

  private static Standing of(Activity activity) {
    return new Standing(activity, List.of());
  }
}
