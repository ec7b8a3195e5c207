package io.agentledger.projection.identity;

import io.agentledger.api.identity.event.TenantEvent;
import io.agentledger.api.identity.event.TenantEvent.TenantCreated;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;

/** Keeps one row for each tenant. */
@ProcessingGroup(TenantProjection.GROUP)
class TenantProjection extends Projection {
  static final String GROUP = "identity";

  private final TenantRowRepository tenants;

  TenantProjection(TenantRowRepository tenants, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.tenants = tenants;
  }

  @EventHandler
  void on(TenantCreated event, @Timestamp Instant at, ReplayStatus status) {
    insertIfAbsent(
        TenantRow.class, event.tenantId().value(), status, () -> new TenantRow(event, at));
  }

  @EventHandler
  void on(TenantEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    tenants.findById(event.tenantId().value()).orElseThrow().apply(event, number + 1, at);
  }

  @ResetHandler
  void reset() {
    tenants.deleteAllInBatch();
  }
}
