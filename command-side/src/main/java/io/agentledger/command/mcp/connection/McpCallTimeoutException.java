package io.agentledger.command.mcp.connection;

import java.time.Duration;

/** Thrown if a tool call exceeds its server's timeout; the call is cancelled at the server. */
final class McpCallTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  McpCallTimeoutException(Duration limit) {
    super(
        "The tool exceeded its time limit of %d ms and was cancelled.".formatted(limit.toMillis()));
  }
}
