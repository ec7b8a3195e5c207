package io.agentledger.api.mcp;

import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.shared.StableName;

/** Internal query about the servers of all tenants. */
public sealed interface McpServerCheckQuery {
  /**
   * Lists servers that are neither disabled nor archived, by id; returns a list of {@link
   * McpServerRef}.
   *
   * @param after last id of the previous page; empty for the first page
   */
  @InternalOnly
  @StableName("ListMcpServersToCheck")
  record ListMcpServersToCheck(String after, int limit) implements McpServerCheckQuery {}
}
