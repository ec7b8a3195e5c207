package io.agentledger.api.session;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.mcp.McpServerDefinition;
import io.agentledger.api.mcp.McpServerId;
import java.util.ArrayList;
import java.util.List;

/**
 * Tools of a session in addition to the agent's own.
 *
 * @param mcpServers at most {@value #SERVERS_MAX}, with the defined ones
 * @param definedServers servers that the request defines for the session
 * @param clientTools at most {@value #CLIENT_TOOLS_MAX}; called as {@code mcp__client__<name>},
 *     executed by a client
 */
public record SessionTools(
    List<McpServerId> mcpServers,
    List<McpServerDefinition> definedServers,
    List<ClientTool> clientTools) {
  public static final int SERVERS_MAX = 16;
  public static final int CLIENT_TOOLS_MAX = 64;

  /** Server name under which the agent calls the client's tools; reserved. */
  public static final String CLIENT = "client";

  public static final SessionTools NONE = new SessionTools(List.of(), List.of());

  public SessionTools {
    mcpServers = List.copyOf(mcpServers);
    definedServers = List.copyOf(definedServers);
    clientTools = List.copyOf(clientTools);
  }

  /** Returns the tools with a registered server, unless there are as many servers as possible. */
  public SessionTools with(McpServerId server) {
    if (mcpServers.contains(server) || mcpServers.size() + definedServers.size() >= SERVERS_MAX)
      return this;
    var servers = new ArrayList<>(mcpServers);
    servers.add(server);
    return new SessionTools(servers, definedServers, clientTools);
  }

  /** Creates tools without a server that the request defines. */
  public SessionTools(List<McpServerId> mcpServers, List<ClientTool> clientTools) {
    this(mcpServers, List.of(), clientTools);
  }
}
