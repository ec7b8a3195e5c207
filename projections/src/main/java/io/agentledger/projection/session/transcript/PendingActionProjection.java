package io.agentledger.projection.session.transcript;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.session.transcript.PendingActionChange.Added;
import io.agentledger.projection.session.transcript.PendingActionChange.Removed;
import io.agentledger.projection.session.transcript.PendingActionChange.Unchanged;
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
    switch (PendingActionChange.of(event, new ActionContext(tenant, number + 1, at))) {
      case Added(var row) -> insertIfAbsent(PendingActionRow.class, row.id(), status, () -> row);
      case Removed(var id) -> actions.deleteById(id.value());
      case Unchanged() -> {}
    }
  }

  @ResetHandler
  void reset() {
    actions.deleteAllInBatch();
  }
}
