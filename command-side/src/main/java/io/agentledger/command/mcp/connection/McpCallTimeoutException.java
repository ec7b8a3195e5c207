package io.agentledger.command.mcp.connection;

import java.time.Duration;

/** A tool took longer than its server's may; the server was told that nobody waits any more. */
final class McpCallTimeoutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  McpCallTimeoutException(Duration limit) {
    super(
        "The tool took longer than the %d ms that it may take here, and was cancelled."
            .formatted(limit.toMillis()));
  }
}
