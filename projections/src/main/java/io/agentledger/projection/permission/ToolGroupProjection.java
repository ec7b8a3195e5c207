package io.agentledger.projection.permission;

import io.agentledger.api.permission.ToolGroupEvent;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupArchived;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupChanged;
import io.agentledger.api.permission.ToolGroupEvent.ToolGroupCreated;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each group of tools. */
@ProcessingGroup(PolicyProjection.GROUP)
class ToolGroupProjection extends ConfigurationProjection<ToolGroupRow> {
  ToolGroupProjection(ToolGroupRowRepository groups, PoisonEventIsolator poisonEventIsolator) {
    super(groups, poisonEventIsolator);
  }

  @EventHandler
  void on(ToolGroupEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case ToolGroupCreated created -> insert(new ToolGroupRow(created, message), message);
      case ToolGroupChanged changed -> update(message, group -> group.update(changed));
      case ToolGroupArchived ignored -> update(message, group -> group.archive(message));
    }
  }
}
