package io.agentledger.query.mcp;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpLimitsView;
import io.agentledger.api.mcp.McpServerCheckQuery.ListMcpServersToCheck;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerQuery.FindMcpServer;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServers;
import io.agentledger.api.mcp.McpServerRef;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.projection.mcp.McpServerRow;
import io.agentledger.projection.mcp.McpServerRowRepository;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.NewestFirstPosition;
import io.agentledger.query.support.ReadModelAccess;
import java.time.Instant;
import java.util.List;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * Answers what is asked about MCP servers, from the read model. Blocks its caller on the database,
 * and a few seconds on the projection, so that nobody is shown less than they were told before.
 */
class McpServerQueryHandler {
  private final McpServerRowRepository servers;
  private final McpCheckTimeReader mcpCheckTimes;
  private final ReadModelAccess readModelAccess;
  private final CursorCodec cursorCodec;

  McpServerQueryHandler(
      McpServerRowRepository servers,
      McpCheckTimeReader mcpCheckTimes,
      ReadModelAccess readModelAccess,
      CursorCodec cursorCodec) {
    this.servers = servers;
    this.mcpCheckTimes = mcpCheckTimes;
    this.readModelAccess = readModelAccess;
    this.cursorCodec = cursorCodec;
  }

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListMcpServers query) {
    String tenant = query.tenant().value();
    String[] cursorScope = {"mcp-servers", tenant, Boolean.toString(query.includeArchived())};
    var after = NewestFirstPosition.from(cursorCodec, query.page(), cursorScope);
    return readModelAccess.read(
        () -> {
          var rows =
              servers.page(
                  tenant,
                  query.includeArchived(),
                  after.at(),
                  after.id(),
                  CursorCodec.limitPlusOne(query.page()));
          return cursorCodec
              .page(
                  rows,
                  query.page(),
                  row -> new NewestFirstPosition(row.createdAt(), row.id()),
                  cursorScope)
              .map(this::view);
        });
  }

  @QueryHandler
  McpServerView find(FindMcpServer query) {
    var id = query.mcpServerId();
    readModelAccess.await(id, servers::sequenceOf);
    return readModelAccess.read(
        () ->
            servers
                .findByIdAndTenant(id.value(), query.tenant().value())
                .map(this::view)
                .orElseThrow(
                    () ->
                        new RejectionException(new Rejection.NotFound("mcp_server", id.value()))));
  }

  @QueryHandler
  List<McpServerRef> list(ListMcpServersToCheck query) {
    return readModelAccess.read(
        () ->
            servers.findToCheck(query.after(), Limit.of(query.limit())).stream()
                .map(row -> new McpServerRef(new TenantId(row.tenant()), new McpServerId(row.id())))
                .toList());
  }

  /** What it was found to be stands as long as each look finds the same. */
  private @Nullable Instant checkedAt(McpServerRow row) {
    var found = row.checkedAt();
    if (found == null) return null;
    return mcpCheckTimes.last(row.id()).filter(found::isBefore).orElse(found);
  }

  private McpServerView view(McpServerRow row) {
    return new McpServerView(
        new McpServerId(row.id()),
        new UserId(row.owner()),
        row.name(),
        row.status(),
        row.enabled(),
        row.connection(),
        McpLimitsView.from(row.limits()),
        row.approvedDigest(),
        row.snapshot(),
        row.failure(),
        checkedAt(row),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }
}
