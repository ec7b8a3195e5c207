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

  /** What is agreed to is not what was found last; look again and agree to that. */
  record McpSnapshotMismatch(String mcpServerId) implements McpRejection {
    @Override
    public String code() {
      return "mcp_server_changed";
    }

    @Override
    public String message() {
      return "The MCP server "
          + mcpServerId
          + " was found to be something else; check it and look again.";
    }
  }
}
