package io.agentledger.projection.permission;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.permission.ToolGroupEvent;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupArchived;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupChanged;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
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

/** Keeps one row for each group of tools. */
@ProcessingGroup(PolicyProjection.GROUP)
class ToolGroupProjection extends Projection {
  private final ToolGroupRowRepository groups;

  ToolGroupProjection(ToolGroupRowRepository groups, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.groups = groups;
  }

  @EventHandler
  void on(
      ToolGroupCreated event,
      @Timestamp Instant at,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    var row = new ToolGroupRow(tenant, event, at);
    insertIfAbsent(ToolGroupRow.class, row.id(), status, () -> row);
  }

  @EventHandler
  void on(ToolGroupEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    var group =
        groups
            .findById(event.toolGroupId().value())
            .orElseThrow(() -> new IllegalStateException("no group " + event.toolGroupId()));
    if (!group.advanceTo(number, at)) return;
    switch (event) {
      case ToolGroupCreated ignored -> {} // It has a handler of its own.
      case ToolGroupChanged changed -> group.update(changed.version(), changed.tools());
      case ToolGroupArchived ignored -> group.archive(at);
    }
  }

  @ResetHandler
  void reset() {
    groups.deleteAllInBatch();
  }
}
