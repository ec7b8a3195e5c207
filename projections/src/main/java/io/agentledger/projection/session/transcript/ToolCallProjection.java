package io.agentledger.projection.session.transcript;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.projection.session.OutOfOrderEventException;
import io.agentledger.projection.session.SessionProjection;
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

/** Keeps one row for each tool call. */
@ProcessingGroup(SessionProjection.GROUP)
public class ToolCallProjection extends Projection {
  private final ToolCallRowRepository calls;

  ToolCallProjection(ToolCallRowRepository calls, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.calls = calls;
  }

  @EventHandler
  void on(
      ToolCalled event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    var row = new ToolCallRow(tenant, event, number + 1, at);
    insertIfAbsent(ToolCallRow.class, row.key(), status, () -> row);
  }

  @EventHandler
  void on(ToolReturned event, @Timestamp Instant at, @SequenceNumber long number) {
    find(ToolCallRow.class, new ToolCallKey(event.sessionId().value(), event.toolCallId().value()))
        .orElseThrow(() -> new OutOfOrderEventException(event))
        .apply(event, number + 1, at);
  }

  @ResetHandler
  void reset() {
    calls.deleteAllInBatch();
  }
}
