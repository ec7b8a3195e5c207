package io.agentledger.gateway.session;

import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.gateway.session.options.ClientToolRequest;
import io.agentledger.gateway.session.options.ClientToolsValidator;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** MCP servers and client tools of a session's agent; they replace the former ones. */
record UpdateToolsRequest(
    @Nullable @Size(max = SessionTools.SERVERS_MAX, message = "must be at most 16 servers")
        List<@NotNull(message = "must be the id of a server") McpServerId> mcpServers,
    @Nullable @Size(max = SessionTools.CLIENT_TOOLS_MAX, message = "must be at most 64 tools")
        List<@NotNull(message = "must be a tool") @Valid ClientToolRequest> clientTools) {
  SessionTools toTools() {
    var clientToolRequests = clientTools == null ? List.<ClientToolRequest>of() : clientTools;
    ClientToolsValidator.check("/client_tools", clientToolRequests);
    return new SessionTools(
        mcpServers == null ? List.of() : mcpServers,
        clientToolRequests.stream().map(ClientToolRequest::toTool).toList());
  }
}
