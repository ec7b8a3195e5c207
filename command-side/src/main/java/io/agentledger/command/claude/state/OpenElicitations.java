package io.agentledger.command.claude.state;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Requests of MCP servers to users that are not answered yet. Confined to one thread. */
public final class OpenElicitations {
  private final Set<ActionId> open = new LinkedHashSet<>();

  void on(ActionEvent event) {
    if (event instanceof ElicitationRequested request) open.add(request.actionId());
    else open.remove(event.actionId());
  }

  /** Returns the open requests, oldest first. */
  public List<ActionId> open() {
    return List.copyOf(open);
  }
}
