package io.agentledger.api.mcp;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/** Queries about MCP servers. */
public sealed interface McpServerQuery extends TenantScoped {
  /** Lists MCP servers, newest first; returns a page of {@link McpServerView}. */
  @RequiresScope(Scope.MCP_READ)
  @StableName("ListMcpServers")
  record ListMcpServers(TenantId tenant, boolean includeArchived, PageRequest page)
      implements McpServerQuery, ConfigurationListQuery {}

  /**
   * Lists the names of the servers that are not archived, including those that were registered just
   * before; for callers who can name them in a request.
   *
   * @param session session whose own servers are listed, too; rejected as not found if the caller
   *     cannot see it; null for none
   */
  @RequiresScope({Scope.SESSIONS_WRITE, Scope.POLICIES_WRITE, Scope.HOOKS_WRITE})
  @StableName("ListMcpServerNames")
  record ListMcpServerNames(TenantId tenant, @Nullable SessionId session)
      implements McpServerQuery {}

  /**
   * Returns a {@link McpServerView}. The server of a session exists for callers who can see the
   * session only, and for admins and auditors.
   */
  @RequiresScope(Scope.MCP_READ)
  @StableName("FindMcpServer")
  record FindMcpServer(TenantId tenant, McpServerId mcpServerId) implements McpServerQuery {}
}
