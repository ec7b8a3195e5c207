package io.agentledger.command.mcp;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerRegistry;
import io.agentledger.api.mcp.McpServerStatus;
import io.agentledger.api.mcp.PlatformServer;
import io.agentledger.api.mcp.SelectedMcpServer;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.shared.McpRejection.McpServerUnusable;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/**
 * Registry of MCP servers that reads the event store, so that a suspension takes effect at once.
 */
final class EventSourcedMcpServerRegistry implements McpServerRegistry {
  private static final String UNKNOWN = "it does not exist";

  private final EventStore store;

  EventSourcedMcpServerRegistry(EventStore store) {
    this.store = store;
  }

  /** Returns the current state of the server; empty if the tenant has no such server. */
  Optional<McpServerState> find(TenantId tenant, McpServerId id) {
    @Nullable McpServerState state = null;
    var events = store.readEvents(id.value());
    while (events.hasNext()) {
      var event = events.next();
      if (event.getPayload() instanceof McpServerRegistered mcpServerRegistered) {
        if (!Provenance.of(event.getMetaData()).tenant().equals(tenant)) return Optional.empty();
        state = McpServerState.from(mcpServerRegistered);
      } else if (state != null && event.getPayload() instanceof McpServerEvent next) {
        state = state.apply(next);
      }
    }
    return Optional.ofNullable(state);
  }

  @Override
  public List<SelectedMcpServer> resolve(
      TenantId tenant, SessionId session, List<McpServerId> requested) {
    requireCapacity(requested);
    var selectedMcpServers = new ArrayList<SelectedMcpServer>();
    for (var id : requested) {
      if (id.equals(PlatformServer.ID)) {
        violation(PlatformServer.NAME, selectedMcpServers)
            .ifPresent(
                reason -> {
                  throw new RejectionException(new McpServerUnusable(id.value(), reason));
                });
        selectedMcpServers.add(new SelectedMcpServer(id, PlatformServer.NAME));
        continue;
      }
      var server =
          find(tenant, id)
              .filter(state -> state.isVisibleTo(session))
              .orElseThrow(() -> new RejectionException(new NotFound("mcp_server", id.value())));
      violation(server, selectedMcpServers)
          .ifPresent(
              reason -> {
                throw new RejectionException(new McpServerUnusable(id.value(), reason));
              });
      selectedMcpServers.add(new SelectedMcpServer(id, server.name()));
    }
    return selectedMcpServers;
  }

  @Override
  public Usable findUsable(TenantId tenant, SessionId session, List<McpServerId> requested) {
    requireCapacity(requested);
    var selectedMcpServers = new ArrayList<SelectedMcpServer>();
    var errors = new LinkedHashMap<String, String>();
    for (var id : requested) {
      boolean isPlatform = id.equals(PlatformServer.ID);
      var server = find(tenant, id).filter(state -> state.isVisibleTo(session));
      var violation =
          isPlatform
              ? violation(PlatformServer.NAME, selectedMcpServers)
              : server
                  .map(state -> violation(state, selectedMcpServers))
                  .orElse(Optional.of(UNKNOWN));
      if (violation.isPresent()) errors.put(id.value(), violation.get());
      else
        selectedMcpServers.add(
            new SelectedMcpServer(
                id, isPlatform ? PlatformServer.NAME : server.orElseThrow().name()));
    }
    return new Usable(selectedMcpServers, errors);
  }

  @Override
  public List<SelectedMcpServer> visibleTo(
      TenantId tenant, SessionId session, List<SelectedMcpServer> servers) {
    return servers.stream()
        .filter(
            server ->
                find(tenant, server.id()).map(state -> state.isVisibleTo(session)).orElse(true))
        .toList();
  }

  private static void requireCapacity(List<McpServerId> requested) {
    if (requested.size() > SessionTools.SERVERS_MAX)
      throw new RejectionException(new TooMany("mcp_servers", SessionTools.SERVERS_MAX));
  }

  /** Returns why a session with the selected servers cannot use this server as well. */
  private static Optional<String> violation(
      McpServerState server, List<SelectedMcpServer> selectedMcpServers) {
    return server.status() == McpServerStatus.ACTIVE
        ? violation(server.name(), selectedMcpServers)
        : Optional.of(describe(server.status()));
  }

  private static Optional<String> violation(
      String name, List<SelectedMcpServer> selectedMcpServers) {
    boolean twice =
        selectedMcpServers.stream()
            .anyMatch(selectedMcpServer -> selectedMcpServer.name().equals(name));
    return twice
        ? Optional.of("another server of this session has the same name")
        : Optional.empty();
  }

  static String describe(McpServerStatus mcpServerStatus) {
    return switch (mcpServerStatus) {
      case UNAPPROVED -> "no admin has approved it";
      case SUSPENDED -> "it has changed since an admin approved it";
      case ACTIVE, DISABLED, ARCHIVED -> "it is " + mcpServerStatus.name().toLowerCase(Locale.ROOT);
    };
  }
}
