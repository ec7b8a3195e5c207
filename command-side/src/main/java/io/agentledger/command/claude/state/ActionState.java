package io.agentledger.command.claude.state;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ElicitationEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a session's runs ask people, and how that ended, until the run ends that asked. */
public final class ActionState {
  private final Map<ToolCallId, ActionId> asked = new HashMap<>();
  private final Map<ActionId, ActionEvent> settled = new HashMap<>();
  private final RememberedPermissions remembered = new RememberedPermissions();

  void on(ActionEvent event) {
    switch (event) {
      case ActionEvent.PermissionRequested it -> asked.put(it.toolCallId(), it.actionId());
      case ActionEvent.QuestionAsked it -> asked.put(it.toolCallId(), it.actionId());
      case ActionEvent.ClientToolCalled it -> asked.put(it.toolCallId(), it.actionId());
      case ActionEvent.PermissionRemembered said -> remembered.on(said);
      case ElicitationEvent ignored -> {}
      default -> settled.put(event.actionId(), event);
    }
  }

  void discard(Collection<ToolCallId> calls) {
    for (ToolCallId call : calls) {
      Optional.ofNullable(asked.remove(call)).ifPresent(settled::remove);
    }
  }

  /** What somebody is, or was, asked about the call. */
  public Optional<ActionId> about(ToolCallId call) {
    return Optional.ofNullable(asked.get(call));
  }

  /** How the action ended, if it has. */
  public Optional<ActionEvent> resolutionOf(ActionId action) {
    return Optional.ofNullable(settled.get(action));
  }

  /** What people decided for the whole session. */
  public RememberedPermissions rememberedPermissions() {
    return remembered;
  }
}
