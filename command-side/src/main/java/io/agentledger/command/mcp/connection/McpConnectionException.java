package io.agentledger.command.mcp.connection;

/**
 * Thrown if a server cannot be used at the moment. The message is the end of a sentence and
 * contains no secret.
 */
public final class McpConnectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public McpConnectionException(String reason) {
    super(reason);
  }

  McpConnectionException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
