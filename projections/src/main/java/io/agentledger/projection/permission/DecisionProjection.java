package io.agentledger.projection.permission;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRemembered;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;

/** Keeps one row for each permission request. */
@ProcessingGroup(PolicyProjection.GROUP)
class DecisionProjection extends Projection {
  private final DecisionRowRepository decisions;

  DecisionProjection(DecisionRowRepository decisions, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.decisions = decisions;
  }

  @EventHandler
  void on(
      PermissionRequested event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      MetaData metaData,
      ReplayStatus status) {
    String tenant = Provenance.of(metaData).tenant().value();
    var row = new DecisionRow(tenant, event, number + 1, at);
    insertIfAbsent(DecisionRow.class, row.id(), status, () -> row);
  }

  @EventHandler
  void on(PermissionDecided event, @Timestamp Instant at, MetaData metaData) {
    decisions
        .findById(event.actionId().value())
        .ifPresent(row -> row.onDecided(event, Provenance.of(metaData).actor().toString(), at));
  }

  @EventHandler
  void on(PermissionRemembered event) {
    decisions.findById(event.actionId().value()).ifPresent(row -> row.onRemembered(event.scope()));
  }

  /** Questions and client tools have no row. */
  @EventHandler
  void on(ActionExpired event, @Timestamp Instant at) {
    decisions.findById(event.actionId().value()).ifPresent(row -> row.onExpired(at));
  }

  /** The process has ended, so it is unknown whether it received the decision. */
  @EventHandler
  void on(ToolReturned event) {
    if (event.status() != CallStatus.UNKNOWN) return;
    decisions
        .findByCall(event.sessionId().value(), event.toolCallId().value())
        .forEach(DecisionRow::onOutcomeUnknown);
  }

  @ResetHandler
  void reset() {
    decisions.deleteAllInBatch();
  }
}
