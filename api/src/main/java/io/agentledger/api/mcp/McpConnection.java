package io.agentledger.api.mcp;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.audit.ShownInAudit.Extent;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.shared.StableName;
import java.util.List;
import java.util.Map;

/**
 * Connection to an MCP server. Arguments and values of maps may contain {@code ${NAME}}, {@code
 * ${NAME:-default}} and {@code ${vault:vlt_.../name}}. The service resolves them only when it
 * connects, so that no event and no response contains a secret.
 */
public sealed interface McpConnection extends Discriminated {
  /**
   * A program that the service starts in its own sandbox.
   *
   * @param command a program's name or absolute path
   */
  @StableName("stdio")
  record Stdio(@ShownInAudit String command, List<String> args, Map<String, String> env)
      implements McpConnection {
    public Stdio {
      args = List.copyOf(args);
      env = OrderedCopy.of(env);
    }
  }

  /** A server with the streamable HTTP transport. */
  @StableName("http")
  record Http(@ShownInAudit(Extent.ORIGIN) String url, Map<String, String> headers)
      implements McpConnection {
    public Http {
      headers = OrderedCopy.of(headers);
    }
  }

  /** A server with the transport of HTTP and server-sent events, which MCP used before 2025. */
  @StableName("sse")
  record Sse(@ShownInAudit(Extent.ORIGIN) String url, Map<String, String> headers)
      implements McpConnection {
    public Sse {
      headers = OrderedCopy.of(headers);
    }
  }
}
