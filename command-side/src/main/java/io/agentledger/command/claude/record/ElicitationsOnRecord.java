package io.agentledger.command.claude.record;

import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ElicitationEvent.ElicitationRequested;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What servers asked users that nobody has answered. One thread's own. */
public final class ElicitationsOnRecord {
  private final Set<ActionId> open = new LinkedHashSet<>();

  void on(ActionEvent event) {
    if (event instanceof ElicitationRequested asked) open.add(asked.actionId());
    else open.remove(event.actionId());
  }

  /** Oldest first. */
  public List<ActionId> open() {
    return List.copyOf(open);
  }
}
