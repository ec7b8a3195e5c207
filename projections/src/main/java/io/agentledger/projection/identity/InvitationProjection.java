package io.agentledger.projection.identity;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.event.InvitationEvent;
import io.agentledger.api.identity.event.InvitationEvent.UserInvited;
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

/** Keeps one row for each invitation. */
@ProcessingGroup(TenantProjection.GROUP)
class InvitationProjection extends Projection {
  private final InvitationRowRepository invitations;

  InvitationProjection(
      InvitationRowRepository invitations, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.invitations = invitations;
  }

  @EventHandler
  void on(
      UserInvited event,
      @Timestamp Instant at,
      @MetaDataValue(value = Provenance.ACTOR, required = true) String by,
      ReplayStatus status) {
    insertIfAbsent(
        InvitationRow.class,
        event.invitationId().value(),
        status,
        () -> new InvitationRow(event, by, at));
  }

  @EventHandler
  void on(InvitationEvent event, @SequenceNumber long number) {
    invitations.findById(event.invitationId().value()).orElseThrow().apply(event, number + 1);
  }

  @ResetHandler
  void reset() {
    invitations.deleteAllInBatch();
  }
}
