package io.agentledger.api.mcp;

import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.shared.StableName;

/** Internal query about the servers of all tenants. */
public sealed interface McpServerCheckQuery {
  /**
   * Those that are switched on and not archived, by id; answered with a list of {@link
   * McpServerRef}.
   *
   * @param after the last one of the page before; empty for the first page
   */
  @InternalOnly
  @StableName("ListMcpServersToCheck")
  record ListMcpServersToCheck(String after, int limit) implements McpServerCheckQuery {}
}
