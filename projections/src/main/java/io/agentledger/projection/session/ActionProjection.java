package io.agentledger.projection.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionEvent;
import io.agentledger.api.session.ActionEvent.ActionExpired;
import io.agentledger.api.session.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.ActionEvent.PermissionDecided;
import io.agentledger.api.session.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.ActionEvent.PermissionRequested;
import io.agentledger.api.session.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.ActionEvent.QuestionAsked;
import io.agentledger.api.session.ActionEvent.ToolAnswered;
import io.agentledger.api.session.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.ElicitationEvent.ElicitationRevised;
import io.agentledger.projection.session.ActionRow.Asked;
import io.agentledger.projection.support.CarefulHandling;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps one row for each thing that is waited for, as long as it is. */
@ProcessingGroup(SessionProjection.GROUP)
class ActionProjection extends Projection {
  private final Actions actions;

  ActionProjection(Actions actions, CarefulHandling handling) {
    super(handling);
    this.actions = actions;
  }

  @EventHandler
  void on(
      ActionEvent event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    var asked = new Asked(tenant, number + 1, at);
    switch (event) {
      case PermissionRequested permission -> keep(ActionRow.of(permission, asked), status);
      case QuestionAsked question -> keep(ActionRow.of(question, asked), status);
      case ClientToolCalled call -> keep(ActionRow.of(call, asked), status);
      case PermissionDecided decided -> settled(decided);
      case PermissionRemembered ignored -> {} // Its decision came with it.
      case QuestionAnswered answered -> settled(answered);
      case ToolAnswered answered -> settled(answered);
      case ActionExpired expired -> settled(expired);
      case ElicitationRequested elicitation -> keep(ActionRow.of(elicitation, asked), status);
      case ElicitationAnswered answered -> settled(answered);
      case ElicitationEnded ended -> settled(ended);
      case ElicitationRevised ignored -> {} // It was settled before.
      case ElicitationCompleted ignored -> {}
    }
  }

  private void keep(ActionRow row, ReplayStatus status) {
    keep(ActionRow.class, row.id(), status, () -> row);
  }

  private void settled(ActionEvent event) {
    actions.deleteById(event.actionId().value());
  }

  @ResetHandler
  void reset() {
    actions.deleteAllInBatch();
  }
}
