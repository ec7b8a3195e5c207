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

  static Standing of(Activity activity) {
    return new Standing(activity, List.of());
  }
}
