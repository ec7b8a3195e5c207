package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ElicitationEvent;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** State of the pending actions of a session's runs, until their run ends. */
public final class ActionState {
  private final Map<ToolCallId, ActionId> actionsByCall = new HashMap<>();
  private final Map<ActionId, ActionEvent> resolutions = new HashMap<>();
  private final RememberedPermissions rememberedPermissions = new RememberedPermissions();

  void on(ActionEvent event) {
    switch (event) {
      case ActionEvent.PermissionRequested requested ->
          actionsByCall.put(requested.toolCallId(), requested.actionId());
      case ActionEvent.QuestionAsked question ->
          actionsByCall.put(question.toolCallId(), question.actionId());
      case ActionEvent.ClientToolCalled called ->
          actionsByCall.put(called.toolCallId(), called.actionId());
      case ActionEvent.PermissionRemembered remembered -> rememberedPermissions.on(remembered);
      case ElicitationEvent ignored -> {}
      default -> resolutions.put(event.actionId(), event);
    }
  }

  /** Returns the call that the event allows, if it allows one. */
  Optional<ToolCallId> allowedBy(ActionEvent event) {
    boolean allows =
        switch (event) {
          case ActionEvent.PermissionDecided decided -> decided.decision() == Decision.ALLOW;
          case ActionEvent.QuestionAnswered ignored -> true;
          default -> false;
        };
    return actionsByCall.entrySet().stream()
        .filter(action -> allows && action.getValue().equals(event.actionId()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  void discard(Collection<ToolCallId> calls) {
    for (ToolCallId call : calls) {
      Optional.ofNullable(actionsByCall.remove(call)).ifPresent(resolutions::remove);
    }
  }

  /** Returns the action that requested a decision about the call, pending or resolved. */
  public Optional<ActionId> actionFor(ToolCallId call) {
    return Optional.ofNullable(actionsByCall.get(call));
  }

  /** Returns the event that resolved the action, if it is resolved. */
  public Optional<ActionEvent> resolutionOf(ActionId action) {
    return Optional.ofNullable(resolutions.get(action));
  }

  /** Returns the input with which a user replaced that of a call, sealed; empty if none did. */
  Optional<Content> changedInput(ToolCallId call) {
    return actionFor(call)
        .flatMap(this::resolutionOf)
        .filter(ActionEvent.PermissionDecided.class::isInstance)
        .map(ActionEvent.PermissionDecided.class::cast)
        .filter(decided -> decided.decision() == Decision.ALLOW)
        .map(ActionEvent.PermissionDecided::updatedInput)
        .filter(input -> !input.equals(Content.ABSENT));
  }

  /** Returns the permissions that users granted or denied for the whole session. */
  public RememberedPermissions rememberedPermissions() {
    return rememberedPermissions;
  }
}
