package io.agentledger.projection.identity;

import io.agentledger.api.identity.event.ApiKeyEvent;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyIssued;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;

/** Keeps one row for each key. */
@ProcessingGroup(TenantProjection.GROUP)
class ApiKeyProjection extends Projection {
  private final ApiKeyRowRepository keys;

  ApiKeyProjection(ApiKeyRowRepository keys, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.keys = keys;
  }

  @EventHandler
  void on(ApiKeyIssued event, @Timestamp Instant at, ReplayStatus status) {
    insertIfAbsent(ApiKeyRow.class, event.keyId().value(), status, () -> new ApiKeyRow(event, at));
  }

  @EventHandler
  void on(ApiKeyEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    keys.findById(event.keyId().value()).orElseThrow().apply(event, number + 1, at);
  }

  @ResetHandler
  void reset() {
    keys.deleteAllInBatch();
  }
}
