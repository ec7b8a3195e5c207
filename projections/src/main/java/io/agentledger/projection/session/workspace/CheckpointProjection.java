package io.agentledger.projection.session.workspace;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.CheckpointEvent.CheckpointTaken;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps one row for each checkpoint. */
@ProcessingGroup(SessionProjection.GROUP)
public class CheckpointProjection extends Projection {
  private final CheckpointRowRepository checkpoints;

  CheckpointProjection(
      CheckpointRowRepository checkpoints, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.checkpoints = checkpoints;
  }

  @EventHandler
  void on(
      CheckpointTaken event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    checkpoints.save(new CheckpointRow(tenant, event, number + 1, at));
  }

  @ResetHandler
  void reset() {
    checkpoints.deleteAllInBatch();
  }
}
