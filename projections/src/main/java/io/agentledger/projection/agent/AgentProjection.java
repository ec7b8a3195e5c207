package io.agentledger.projection.agent;

import io.agentledger.api.agent.AgentEvent;
import io.agentledger.api.agent.AgentEvent.AgentArchived;
import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentEvent.AgentCreated;
import io.agentledger.api.agent.AgentEvent.AgentRestored;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each agent, and one for each of its versions. */
@ProcessingGroup(AgentProjection.GROUP)
class AgentProjection extends VersionedProjection<AgentRow, AgentVersionRow> {
  static final String GROUP = "agent";

  AgentProjection(
      AgentRowRepository agents,
      AgentVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(agents, versions, AgentVersionRow::new, poisonEventIsolator);
  }

  @EventHandler
  void on(AgentEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case AgentCreated created -> insert(new AgentRow(created, message), message);
      case AgentChanged changed -> update(message, agent -> agent.update(changed));
      case AgentArchived ignored -> update(message, agent -> agent.archive(message));
      case AgentRestored ignored -> update(message, AgentRow::restore);
    }
  }
}
