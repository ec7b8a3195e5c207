package io.agentledger.command.mcp.connection;

/** A server cannot be used just now. The message is one sentence, and holds no secret. */
public final class McpConnectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public McpConnectionException(String reason) {
    super(reason);
  }

  McpConnectionException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
