package io.agentledger.projection.flow;

import io.agentledger.api.flow.SourceIdentityEvent;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityMapped;
import io.agentledger.api.flow.SourceIdentityEvent.SourceIdentityRemoved;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each identity at a provider. */
@ProcessingGroup(FlowProjection.GROUP)
class SourceIdentityProjection extends ConfigurationProjection<SourceIdentityRow> {
  SourceIdentityProjection(
      SourceIdentityRowRepository identities, PoisonEventIsolator poisonEventIsolator) {
    super(identities, poisonEventIsolator);
  }

  @EventHandler
  void on(SourceIdentityEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case SourceIdentityMapped mapped -> {
        if (message.getSequenceNumber() == 0)
          insert(new SourceIdentityRow(mapped, message), message);
        else update(message, row -> row.map(mapped));
      }
      case SourceIdentityRemoved _ -> update(message, row -> row.archive(message));
    }
  }
}
