package io.agentledger.gateway.mcp;

import io.agentledger.api.mcp.McpServerCommand.ArchiveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ChangeMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerQuery.FindMcpServer;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServers;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.api.shared.Page;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.Pagination;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** MCP servers: registered, listed, changed, archived. */
@RestController
@RequestMapping(path = McpServerController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "mcp servers")
class McpServerController {
  static final String PATH = "/api/v1/mcp-servers";

  private final MessageGateway messageGateway;
  private final IdempotencyKeys idempotencyKeys;

  McpServerController(MessageGateway messageGateway, IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.idempotencyKeys = idempotencyKeys;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "registerMcpServer",
      summary = "Register an MCP server; it is checked, and used after an admin approves it")
  Mono<ResponseEntity<McpServerView>> register(
      @Valid @RequestBody McpServerRequest request,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, "POST " + PATH, request);
    var command =
        new RegisterMcpServer(
            McpServerId.next(),
            context.caller().user(),
            request.toName(),
            request.toConnection(),
            request.toLimits(),
            idempotency);
    return messageGateway
        .<McpServerId>send(context, command)
        .flatMap(id -> find(id, context))
        .map(view -> ResponseEntity.created(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(operationId = "listMcpServers", summary = "List MCP servers, newest first")
  Mono<Page<McpServerView>> list(
      @RequestParam(name = "include_archived", required = false) @Nullable Boolean includeArchived,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      RequestContext context) {
    return messageGateway.queryPage(
        context,
        new ListMcpServers(
            context.tenant(),
            Boolean.TRUE.equals(includeArchived),
            Pagination.toPageRequest(limit, cursor)));
  }

  @GetMapping("/{id}")
  @Operation(
      operationId = "getMcpServer",
      summary = "Get an MCP server with the tools that its last check found")
  Mono<McpServerView> find(@PathVariable McpServerId id, RequestContext context) {
    return messageGateway.query(
        context, new FindMcpServer(context.tenant(), id), McpServerView.class);
  }

  @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "changeMcpServer",
      summary = "Replace name, connection and limits; a change beyond limits needs a new approval")
  Mono<McpServerView> change(
      @PathVariable McpServerId id,
      @Valid @RequestBody McpServerRequest request,
      RequestContext context) {
    return messageGateway
        .send(
            context,
            new ChangeMcpServer(id, request.toName(), request.toConnection(), request.toLimits()))
        .then(find(id, context));
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "archiveMcpServer", summary = "Archive an MCP server for good")
  Mono<Void> archive(@PathVariable McpServerId id, RequestContext context) {
    return messageGateway.send(context, new ArchiveMcpServer(id)).then();
  }
}
