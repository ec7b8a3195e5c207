package io.agentledger.api.shared;

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
          + " has another snapshot now; check the server and approve its latest snapshot.";
    }
  }
}
