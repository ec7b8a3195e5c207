package io.agentledger.api.session;

import io.agentledger.api.agent.AgentSnapshot.ClientTool;
import io.agentledger.api.mcp.McpServerId;
import java.util.List;

/**
 * Tools that a session has beside the agent's own, for as long as it lives.
 *
 * @param mcpServers at most {@value #SERVERS_MAX}
 * @param clientTools at most {@value #CLIENT_TOOLS_MAX}; called under {@code mcp__client__<name>},
 *     carried out by whoever answers
 */
public record SessionTools(List<McpServerId> mcpServers, List<ClientTool> clientTools) {
  public static final int SERVERS_MAX = 16;
  public static final int CLIENT_TOOLS_MAX = 64;

  /** Under which the agent knows the client's tools; no server may be called so. */
  public static final String CLIENT = "client";

  public static final SessionTools NONE = new SessionTools(List.of(), List.of());

  public SessionTools {
    mcpServers = List.copyOf(mcpServers);
    clientTools = List.copyOf(clientTools);
  }
}
