package io.agentledger.projection.session.transcript;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.projection.session.transcript.PendingActionRow.ActionContext;

/** Change of the pending actions of a session by an event. */
public sealed interface PendingActionChange {
  record Added(PendingActionRow row) implements PendingActionChange {}

  record Removed(ActionId id) implements PendingActionChange {}

  record Unchanged() implements PendingActionChange {}

  static PendingActionChange of(ActionEvent event, ActionContext context) {
    return switch (event) {
      case PermissionRequested permission ->
          new Added(PendingActionRow.create(permission, context));
      case QuestionAsked question -> new Added(PendingActionRow.create(question, context));
      case ClientToolCalled call -> new Added(PendingActionRow.create(call, context));
      case ElicitationRequested elicitation ->
          new Added(PendingActionRow.create(elicitation, context));
      case PermissionDecided decided -> new Removed(decided.actionId());
      case QuestionAnswered answered -> new Removed(answered.actionId());
      case ToolAnswered answered -> new Removed(answered.actionId());
      case ActionExpired expired -> new Removed(expired.actionId());
      case ElicitationAnswered answered -> new Removed(answered.actionId());
      case ElicitationEnded ended -> new Removed(ended.actionId());
      // The decision itself is a separate event of the same append.
      case PermissionRemembered ignored -> new Unchanged();
      case ElicitationRevised ignored -> new Unchanged(); // The action was resolved before.
      case ElicitationCompleted ignored -> new Unchanged();
    };
  }
}
