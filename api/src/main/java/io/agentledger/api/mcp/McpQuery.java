package io.agentledger.api.mcp;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Scoped;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.PageRequest;

/** What can be asked about MCP servers. */
public sealed interface McpQuery extends Scoped {
  /** Newest first; answered with a page of {@link McpServerView}. */
  @Needs(Scope.MCP_READ)
  record ListMcpServers(TenantId tenant, boolean includeArchived, PageRequest page)
      implements McpQuery {}

  /** Answered with a {@link McpServerView}. */
  @Needs(Scope.MCP_READ)
  record FindMcpServer(TenantId tenant, McpServerId mcpServerId) implements McpQuery {}
}
