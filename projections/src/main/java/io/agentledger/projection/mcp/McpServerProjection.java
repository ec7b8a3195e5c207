package io.agentledger.projection.mcp;

import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each MCP server. */
@ProcessingGroup(McpServerProjection.GROUP)
class McpServerProjection extends ConfigurationProjection<McpServerRow> {
  static final String GROUP = "mcp";

  McpServerProjection(McpServerRowRepository servers, PoisonEventIsolator poisonEventIsolator) {
    super(servers, poisonEventIsolator);
  }

  @EventHandler
  void on(McpServerEvent event, DomainEventMessage<?> message) {
    if (event instanceof McpServerRegistered registered)
      insert(new McpServerRow(registered, message), message);
    else update(message, server -> server.apply(event, message));
  }
}
