package io.agentledger.command.mcp.link;

import java.time.Duration;

/** A tool took longer than its server's may; the server was told that nobody waits any more. */
final class CallTooLong extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CallTooLong(Duration limit) {
    super(
        "The tool took longer than the %d ms that it may take here, and was cancelled."
            .formatted(limit.toMillis()));
  }
}
