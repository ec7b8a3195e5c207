package io.agentledger.projection.session.transcript;

import io.agentledger.api.identity.Provenance;
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
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.session.transcript.PendingActionRow.ActionContext;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps one row for each pending action. */
@ProcessingGroup(SessionProjection.GROUP)
public class PendingActionProjection extends Projection {
  private final PendingActionRowRepository actions;

  PendingActionProjection(
      PendingActionRowRepository actions, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.actions = actions;
  }

  @EventHandler
  void on(
      ActionEvent event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    var actionContext = new ActionContext(tenant, number + 1, at);
    switch (event) {
      case PermissionRequested permission ->
          insertIfAbsent(PendingActionRow.create(permission, actionContext), status);
      case QuestionAsked questionAsked ->
          insertIfAbsent(PendingActionRow.create(questionAsked, actionContext), status);
      case ClientToolCalled call ->
          insertIfAbsent(PendingActionRow.create(call, actionContext), status);
      case PermissionDecided decided -> remove(decided);
      // The decision itself is a separate event of the same append.
      case PermissionRemembered ignored -> {}
      case QuestionAnswered answered -> remove(answered);
      case ToolAnswered answered -> remove(answered);
      case ActionExpired expired -> remove(expired);
      case ElicitationRequested elicitation ->
          insertIfAbsent(PendingActionRow.create(elicitation, actionContext), status);
      case ElicitationAnswered answered -> remove(answered);
      case ElicitationEnded ended -> remove(ended);
      case ElicitationRevised ignored -> {} // The action was resolved before.
      case ElicitationCompleted ignored -> {}
    }
  }

  private void insertIfAbsent(PendingActionRow row, ReplayStatus status) {
    insertIfAbsent(PendingActionRow.class, row.id(), status, () -> row);
  }

  private void remove(ActionEvent event) {
    actions.deleteById(event.actionId().value());
  }

  @ResetHandler
  void reset() {
    actions.deleteAllInBatch();
  }
}
