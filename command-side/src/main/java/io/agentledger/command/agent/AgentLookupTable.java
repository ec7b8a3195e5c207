package io.agentledger.command.agent;

import io.agentledger.api.agent.AgentCommand;
import io.agentledger.api.agent.AgentEvent.AgentArchived;
import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentEvent.AgentCreated;
import io.agentledger.api.agent.AgentEvent.AgentRestored;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.TenantId;
import io.agentledger.command.support.LookupTable;
import java.util.Map;
import java.util.Optional;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of the agents that are not archived, updated in the transaction of the events. */
@ProcessingGroup(AgentLookupTable.GROUP)
class AgentLookupTable extends LookupTable {
  static final String GROUP = "agent-lookup";

  AgentLookupTable(JdbcClient sql) {
    super(sql, "agent_lookup", "agent_id");
  }

  @EventHandler
  void on(AgentCreated event, TenantId tenant) {
    insert(event.agentId(), tenant, Map.of("name", event.name()));
  }

  @EventHandler
  void on(AgentChanged event) {
    update(event.agentId(), Map.of("name", event.name()));
  }

  @EventHandler
  void on(AgentArchived event) {
    remove(event.agentId());
  }

  @EventHandler
  void on(AgentRestored event, TenantId tenant) {
    insert(event.agentId(), tenant, Map.of("name", event.name()));
  }

  /** Returns whether the tenant has the maximum number of agents. */
  boolean isFull(TenantId tenant) {
    return countOf(tenant) >= AgentCommand.AGENTS_MAX;
  }

  /** Returns the agent that has the name. */
  Optional<AgentId> findByName(TenantId tenant, String name) {
    return sql.sql("select agent_id from agent_lookup where tenant = ? and name = ?")
        .params(tenant.value(), name)
        .query((row, n) -> new AgentId(row.getString(1)))
        .optional();
  }
}
