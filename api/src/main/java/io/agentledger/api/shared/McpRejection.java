package io.agentledger.api.shared;

/** About servers that lend agents their tools. */
public sealed interface McpRejection extends Rejection {
  /** The server cannot be used by sessions as it stands. */
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
