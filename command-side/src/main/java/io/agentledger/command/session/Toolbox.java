package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.ChosenServer;
import io.agentledger.api.mcp.McpServers;
import io.agentledger.api.session.LifecycleEvent;
import io.agentledger.api.session.LifecycleEvent.ToolsGiven;
import io.agentledger.api.session.SessionCommand.SetTools;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.ToolsChange;
import java.util.ArrayList;
import java.util.List;

/** What a session's agent has beside its own tools. */
final class Toolbox {
  private List<ChosenServer> servers = List.of();
  private boolean client;

  /** Those that can be had, and no others; the same servers again are silence. */
  ToolsChange set(SetTools command, McpServers registry, TenantId tenant, Sealing sealing) {
    var before = names();
    var wished = command.tools();
    var found = registry.usable(tenant, wished.mcpServers());
    var tools = sealing.text(ToolsGiven.class, "clientTools", Given.tools(wished.clientTools()));
    boolean same = found.servers().equals(servers) && !client && wished.clientTools().isEmpty();
    // What the client's tools were is sealed and cannot be compared.
    if (!same) apply(new ToolsGiven(sealing.session(), found.servers(), tools));
    var now = names();
    return new ToolsChange(without(now, before), without(before, now), found.errors());
  }

  private List<String> names() {
    var names = new ArrayList<>(servers.stream().map(ChosenServer::name).toList());
    if (client) names.add(SessionTools.CLIENT);
    return names;
  }

  private static List<String> without(List<String> some, List<String> others) {
    return some.stream().filter(name -> !others.contains(name)).toList();
  }

  void on(LifecycleEvent event) {
    if (event instanceof ToolsGiven given) {
      servers = List.copyOf(given.mcpServers());
      client = !(given.clientTools() instanceof Content.Absent);
    }
  }
}
