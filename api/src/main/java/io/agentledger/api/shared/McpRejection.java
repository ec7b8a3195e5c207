package io.agentledger.api.shared;

import io.agentledger.api.identity.Role;
import java.util.Locale;

/** Rejections about MCP servers. */
public sealed interface McpRejection extends Rejection {
  /** Sessions cannot use the server in its current status. */
  record McpServerUnusable(String mcpServerId, String reason) implements McpRejection {
    @Override
    public String code() {
      return "mcp_server_unusable";
    }

    @Override
    public String message() {
      return "The MCP server " + mcpServerId + " cannot be used: " + reason + ".";
    }
  }

  /** The caller's credential may not define servers in a request. */
  record McpDefinitionForbidden(Role role) implements McpRejection {
    @Override
    public String code() {
      return "forbidden";
    }

    @Override
    public String message() {
      return "MCP servers may be defined in a request by the role admin with the scope mcp:write;"
          + " your role is "
          + role.name().toLowerCase(Locale.ROOT)
          + ". Name a registered server by its id, or use a credential that may define one.";
    }
  }

  /** The approved snapshot is not the latest one; check it and approve the latest. */
  record McpSnapshotMismatch(String mcpServerId) implements McpRejection {
    @Override
    public String code() {
      return "mcp_server_changed";
    }

    @Override
    public String message() {
      return "The MCP server "
          + mcpServerId
          + " has another snapshot now; GET /mcp-servers/{id} shows it, and POST"
          + " /mcp-servers/{id}/approve approves its digest.";
    }
  }
}
