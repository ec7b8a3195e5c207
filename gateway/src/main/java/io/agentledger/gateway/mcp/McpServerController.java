package io.agentledger.gateway.mcp;

import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ArchiveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.ChangeMcpServer;
import io.agentledger.api.mcp.McpServerCommand.CheckMcpServer;
import io.agentledger.api.mcp.McpServerCommand.DisableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.EnableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.RegisterMcpServer;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerQuery.FindMcpServer;
import io.agentledger.api.mcp.McpServerQuery.ListMcpServers;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for MCP servers. */
@RestController
@RequestMapping(path = McpServerController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "mcp servers")
class McpServerController {
  static final String PATH = "/api/v1/mcp-servers";

  private final MessageGateway messageGateway;

  McpServerController(MessageGateway messageGateway) {
    this.messageGateway = messageGateway;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "registerMcpServer",
      summary = "Register an MCP server; it is checked, and used after an admin approves it")
  Mono<ResponseEntity<McpServerView>> register(
      @Valid @RequestBody McpServerRequest request, IdempotencyKey key, RequestContext context) {
    var command =
        new RegisterMcpServer(
            McpServerId.next(),
            context.caller().user(),
            request.toName(),
            request.toConnection(),
            request.toLimits(),
            key.with(request));
    return messageGateway
        .<McpServerId>send(context, command)
        .flatMap(id -> find(id, context))
        .map(view -> ResponseEntity.created(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(operationId = "listMcpServers", summary = "List MCP servers, newest first")
  Mono<Page<McpServerView>> list(
      @RequestParam(name = "include_archived", required = false) boolean includeArchived,
      PageRequest page,
      RequestContext context) {
    return messageGateway.queryPage(
        context, new ListMcpServers(context.tenant(), includeArchived, page));
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
  @Operation(operationId = "archiveMcpServer", summary = "Archive an MCP server permanently")
  Mono<Void> archive(@PathVariable McpServerId id, RequestContext context) {
    return messageGateway.sendAndAwait(
        context, new ArchiveMcpServer(id), new FindMcpServer(context.tenant(), id));
  }

  @PostMapping("/{id}/check")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "checkMcpServer",
      summary = "Check an MCP server; the result is soon in snapshot or failure")
  Mono<McpServerView> check(
      @PathVariable McpServerId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(id, context, new CheckMcpServer(id, key.withoutBody()));
  }

  @PostMapping(path = "/{id}/approve", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "approveMcpServer",
      summary = "Approve an MCP server as it was found; rejected if it has changed since")
  Mono<McpServerView> approve(
      @PathVariable McpServerId id,
      @Valid @RequestBody ApproveMcpServerRequest body,
      IdempotencyKey key,
      RequestContext context) {
    return sendAndGet(id, context, new ApproveMcpServer(id, body.digest(), key.with(body)));
  }

  @PostMapping("/{id}/enable")
  @Operation(operationId = "enableMcpServer", summary = "Enable an MCP server")
  Mono<McpServerView> enable(
      @PathVariable McpServerId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(id, context, new EnableMcpServer(id, key.withoutBody()));
  }

  @PostMapping("/{id}/disable")
  @Operation(
      operationId = "disableMcpServer",
      summary = "Disable an MCP server, in running sessions from their next call on")
  Mono<McpServerView> disable(
      @PathVariable McpServerId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(id, context, new DisableMcpServer(id, key.withoutBody()));
  }

  private Mono<McpServerView> sendAndGet(McpServerId id, RequestContext context, Object command) {
    return messageGateway.send(context, command).then(find(id, context));
  }
}
