package io.agentledger.gateway.mcp;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerQuery.FindMcpServer;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServers;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for templates of MCP servers, and for imports and exports in the format of other
 * programs.
 */
@RestController
@RequestMapping(path = McpServerController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "mcp servers")
class McpImportExportController {
  private static final String IMPORT_PATH = "/import";

  private final MessageGateway messageGateway;

  McpImportExportController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @GetMapping("/templates")
  @Operation(
      operationId = "listMcpServerTemplates",
      summary = "List templates of well-known MCP servers")
  Mono<List<McpServerTemplate>> listTemplates(RequestContext context) {
    if (!context.caller().has(Scope.MCP_READ))
      throw new RejectionException(InsufficientScope.anyOf(Scope.MCP_READ));
    return Mono.just(McpServerTemplate.ALL);
  }

  @PostMapping(path = IMPORT_PATH, consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "importMcpServers",
      summary = "Import the MCP servers of a Claude Desktop file: all of them or none")
  Mono<List<McpServerView>> importServers(
      @Valid @RequestBody ClaudeDesktopConfig config, IdempotencyKey key, RequestContext context) {
    var idempotency = key.with(config);
    return Flux.fromIterable(config.toConnections().entrySet())
        .concatMap(
            entry ->
                messageGateway.<McpServerId>send(
                    context,
                    new RegisterMcpServer(
                        McpServerId.next(),
                        context.caller().user(),
                        entry.getKey(),
                        entry.getValue(),
                        config.limitsOf(entry.getKey()),
                        deriveForServer(idempotency, entry.getKey()))))
        .concatMap(
            id ->
                messageGateway.query(
                    context, new FindMcpServer(context.tenant(), id), McpServerView.class))
        .collectList();
  }

  /** Derives a key for each server, so that a repeated import registers each server once. */
  private static @Nullable Idempotency deriveForServer(
      @Nullable Idempotency idempotency, String name) {
    var derived = IdempotencyKeys.derived(idempotency);
    return derived == null ? null : new Idempotency(derived.key() + ":" + name, derived.bodyHash());
  }

  @GetMapping("/export")
  @Operation(
      operationId = "exportMcpServers",
      summary = "Export all MCP servers as a Claude Desktop file; secrets stay references")
  Mono<ClaudeDesktopConfig> exportServers(RequestContext context) {
    return findPage(context, null)
        .expand(
            page -> page.nextCursor() == null ? Mono.empty() : findPage(context, page.nextCursor()))
        .concatMapIterable(Page::items)
        .collectList()
        .map(McpImportExportController::toConfig);
  }

  private Mono<Page<McpServerView>> findPage(RequestContext context, @Nullable String cursor) {
    return messageGateway.queryPage(
        context,
        new ListMcpServers(
            context.tenant(), false, new PageRequest(PageRequest.LIMIT_MAX, cursor)));
  }

  /** Makes names unique, as the format requires: duplicates get their id as a suffix. */
  private static ClaudeDesktopConfig toConfig(List<McpServerView> servers) {
    Map<String, ClaudeDesktopConfig.ServerEntry> byName = new LinkedHashMap<>();
    for (var server : servers.reversed()) {
      var name =
          byName.containsKey(server.name())
              ? server.name() + "-" + server.id().value().substring(McpServerId.PREFIX.length() + 1)
              : server.name();
      byName.put(
          name,
          ClaudeDesktopConfig.ServerEntry.from(server.connection(), server.limits().callTimeout()));
    }
    return new ClaudeDesktopConfig(byName);
  }
}
