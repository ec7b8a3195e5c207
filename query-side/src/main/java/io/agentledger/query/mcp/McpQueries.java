package io.agentledger.query.mcp;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpLimitsView;
import io.agentledger.api.mcp.McpQuery.FindMcpServer;
import io.agentledger.api.mcp.McpQuery.ListMcpServers;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.api.mcp.McpWatchQuery.ListWatchedServers;
import io.agentledger.api.mcp.WatchedServer;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection;
import io.agentledger.projection.mcp.McpServerRow;
import io.agentledger.projection.mcp.McpServerRows;
import io.agentledger.projection.support.Progress;
import io.agentledger.query.support.Cursors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Answers what is asked about MCP servers, from the read model. Blocks its caller on the database,
 * and up to two seconds on the projection, so that nobody is shown less than they were told before.
 */
class McpQueries {
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Behind every server in the order "newest first". */
  private static final Instant NEWEST = Instant.parse("9999-01-01T00:00:00Z");

  private final McpServerRows servers;
  private final McpLooks looks;
  private final Reading reading;
  private final Cursors cursors;

  McpQueries(McpServerRows servers, McpLooks looks, Reading reading, Cursors cursors) {
    this.servers = servers;
    this.looks = looks;
    this.reading = reading;
    this.cursors = cursors;
  }

  /** What stands between a reader and the rows. */
  record Reading(EventStore store, Progress progress, TransactionOperations transaction) {}

  @QueryHandler
  @SuppressWarnings("rawtypes") // Axon finds no handler of a parameterised page.
  Page list(ListMcpServers query) {
    String tenant = query.tenant().value();
    String[] list = {"mcp-servers", tenant, Boolean.toString(query.includeArchived())};
    var place = cursors.place(query.page(), list).orElse(NEWEST + " ");
    int space = place.indexOf(' ');
    int limit = query.page().limit();
    return read(
        () -> {
          var rows =
              servers.page(
                  tenant,
                  query.includeArchived(),
                  Instant.parse(place.substring(0, space)),
                  place.substring(space + 1),
                  Limit.of(limit + 1)); // One more tells whether there is another page.
          if (rows.size() <= limit) return new Page<>(rows, null).map(this::view);
          var last = rows.get(limit - 1);
          var next = cursors.at(last.createdAt() + " " + last.id(), list);
          return new Page<>(rows.subList(0, limit), next).map(this::view);
        });
  }

  @QueryHandler
  McpServerView find(FindMcpServer query) {
    var id = query.mcpServerId();
    await(query.tenant(), id);
    return read(
        () ->
            servers
                .findByIdAndTenant(id.value(), query.tenant().value())
                .map(this::view)
                .orElseThrow(() -> new Rejected(new Rejection.NotFound("mcp_server", id.value()))));
  }

  @QueryHandler
  List<WatchedServer> list(ListWatchedServers query) {
    return read(
        () ->
            servers.watched(query.after(), Limit.of(query.limit())).stream()
                .map(
                    row -> new WatchedServer(new TenantId(row.tenant()), new McpServerId(row.id())))
                .toList());
  }

  /** A reader that was not helped in time gets what is there. */
  private void await(TenantId tenant, McpServerId server) {
    Optional<Long> wanted = reading.store().lastSequenceNumberFor(server.value());
    if (wanted.isEmpty()) return;
    reading
        .progress()
        .await(
            () -> servers.sequenceOf(tenant.value(), server.value()).orElse(-1L) >= wanted.get(),
            PATIENCE);
  }

  /** What it was found to be stands as long as each look finds the same. */
  private @Nullable Instant checkedAt(McpServerRow row) {
    var found = row.checkedAt();
    if (found == null) return null;
    return looks.last(row.id()).filter(found::isBefore).orElse(found);
  }

  private McpServerView view(McpServerRow row) {
    return new McpServerView(
        new McpServerId(row.id()),
        new UserId(row.owner()),
        row.name(),
        row.standing(),
        row.enabled(),
        row.connection(),
        McpLimitsView.of(row.limits()),
        row.approved(),
        row.findings(),
        row.failure(),
        checkedAt(row),
        row.createdAt(),
        row.updatedAt(),
        row.archivedAt());
  }

  private <R> R read(Supplier<R> answer) {
    return Objects.requireNonNull(reading.transaction().execute(transaction -> answer.get()));
  }
}
