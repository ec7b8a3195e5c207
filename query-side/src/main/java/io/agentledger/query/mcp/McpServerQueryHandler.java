package io.agentledger.query.mcp;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpLimitsView;
import io.agentledger.api.mcp.McpServerCheckQuery.ListMcpServersToCheck;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerQuery.FindMcpServer;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServerNames;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServers;
import io.agentledger.api.mcp.McpServerRef;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.mcp.McpServerRow;
import io.agentledger.projection.mcp.McpServerRowRepository;
import io.agentledger.query.support.ConfigurationReader;
import io.agentledger.query.support.ProjectionFreshness;
import io.agentledger.query.support.SessionVisibility;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.data.domain.Limit;

/** Answers queries about MCP servers. */
record McpServerQueryHandler(
    McpServerRowRepository servers,
    ConfigurationReader configurationReader,
    SessionVisibility sessionVisibility,
    ProjectionFreshness freshness) {
  private static final String GROUP = "mcp";

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler that returns a parameterized page.
  Page list(ListMcpServers query) {
    return configurationReader
        .list(GROUP, "mcp-servers", query, servers)
        .map(McpServerQueryHandler::view);
  }

  @QueryHandler
  McpServerView find(FindMcpServer query, Caller caller) {
    var row = configurationReader.find(GROUP, query.tenant(), query.mcpServerId(), servers);
    if (!isVisible(row, caller)) throw new RejectionException(NotFound.of(query.mcpServerId()));
    return view(row);
  }

  /** Admins and auditors see the servers of all sessions, also of deleted ones. */
  private boolean isVisible(McpServerRow row, Caller caller) {
    var session = row.sessionId();
    return session == null
        || caller.has(Scope.SESSIONS_READ_ALL)
        || sessionVisibility.isVisible(caller, new SessionId(session));
  }

  @QueryHandler
  List<String> list(ListMcpServerNames query, Caller caller) {
    var session = query.session();
    if (session != null) sessionVisibility.require(caller, session);
    freshness.await(GROUP);
    return servers.findNames(query.tenant().value(), session == null ? "" : session.value());
  }

  @QueryHandler
  List<McpServerRef> list(ListMcpServersToCheck query) {
    return servers.findToCheck(query.after(), Limit.of(query.limit())).stream()
        .map(row -> new McpServerRef(new TenantId(row.tenant()), new McpServerId(row.id())))
        .toList();
  }

  private static McpServerView view(McpServerRow row) {
    return new McpServerView(
        new McpServerId(row.id()),
        new UserId(row.owner()),
        row.name(),
        row.sessionId() == null ? null : new SessionId(row.sessionId()),
        row.status(),
        row.enabled(),
        row.connection(),
        McpLimitsView.from(row.limits()),
        row.approvedDigest(),
        row.snapshot(),
        row.failure(),
        row.checkedAt(),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }
}
