package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SetToolsResult;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.command.support.SessionSealer;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventsourcing.EventSourcingHandler;

/** MCP servers and client tools of a session's agent. */
final class SessionToolset {
  private List<SelectedMcpServer> servers = List.of();
  private boolean hasClientTools;

  /** Sets the tools, except those that are not available. No event if the servers are unchanged. */
  SetToolsResult set(
      SetTools command, McpServerRegistry registry, TenantId tenant, SessionSealer sealer) {
    var before = names();
    var requested = command.tools();
    var found = registry.findUsable(tenant, sealer.session(), requested.mcpServers());
    var tools =
        sealer.text(
            ToolsSet.class, "clientTools", SessionPayloads.toolsJson(requested.clientTools()));
    boolean same =
        found.servers().equals(servers) && !hasClientTools && requested.clientTools().isEmpty();
    // The previous client tools are sealed and cannot be compared.
    if (!same) apply(new ToolsSet(sealer.session(), found.servers(), tools));
    var now = names();
    return new SetToolsResult(difference(now, before), difference(before, now), found.errors());
  }

  private List<String> names() {
    var names = new ArrayList<>(servers.stream().map(SelectedMcpServer::name).toList());
    if (hasClientTools) names.add(SessionTools.CLIENT);
    return names;
  }

  private static List<String> difference(List<String> names, List<String> others) {
    return names.stream().filter(name -> !others.contains(name)).toList();
  }

  @EventSourcingHandler
  void on(LifecycleEvent event) {
    switch (event) {
      case SessionOpened opened -> set(opened.tools().mcpServers(), opened.tools().clientTools());
      case ToolsSet toolsSet -> set(toolsSet.mcpServers(), toolsSet.clientTools());
      default -> {}
    }
  }

  private void set(List<SelectedMcpServer> mcpServers, Content clientTools) {
    servers = List.copyOf(mcpServers);
    hasClientTools = !(clientTools instanceof Content.Absent);
  }
}
