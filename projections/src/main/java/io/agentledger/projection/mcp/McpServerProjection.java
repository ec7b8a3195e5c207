package io.agentledger.projection.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
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

/** Keeps one row for each MCP server. */
@ProcessingGroup(McpServerProjection.GROUP)
class McpServerProjection extends Projection {
  static final String GROUP = "mcp";

  private final McpServerRowRepository servers;

  McpServerProjection(McpServerRowRepository servers, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.servers = servers;
  }

  @EventHandler
  void on(
      McpServerRegistered event,
      @Timestamp Instant at,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    insertIfAbsent(
        McpServerRow.class,
        event.mcpServerId().value(),
        status,
        () -> new McpServerRow(tenant, event, at));
  }

  @EventHandler
  void on(McpServerEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    servers
        .findById(event.mcpServerId().value())
        .orElseThrow(() -> new IllegalStateException("no MCP server " + event.mcpServerId()))
        .apply(event, number, at);
  }

  @ResetHandler
  void reset() {
    servers.deleteAllInBatch();
  }
}
