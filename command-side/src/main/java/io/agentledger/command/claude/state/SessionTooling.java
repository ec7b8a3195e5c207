package io.agentledger.command.claude.state;

import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.SessionTools;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * MCP servers and client tools of a session.
 *
 * @param clientTools a JSON list of name, description and input schema; empty text for none
 */
public record SessionTooling(List<SelectedMcpServer> mcpServers, String clientTools) {
  static final SessionTooling NONE = new SessionTooling(List.of(), "");

  /** Returns a digest of the tools; equal tools have equal digests. */
  public String digest() {
    String all = mcpServers + clientTools;
    return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Returns the names under which the CLI reaches MCP servers through the service. */
  public List<String> serverNames() {
    List<String> names = new ArrayList<>(mcpServers.stream().map(SelectedMcpServer::name).toList());
    if (!clientTools.isEmpty()) {
      names.add(SessionTools.CLIENT);
    }
    return names;
  }
}
