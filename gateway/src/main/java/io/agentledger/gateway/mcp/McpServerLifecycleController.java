package io.agentledger.gateway.mcp;

import io.agentledger.api.mcp.McpServerCommand.ApproveMcpServer;
import io.agentledger.api.mcp.McpServerCommand.CheckMcpServer;
import io.agentledger.api.mcp.McpServerCommand.DisableMcpServer;
import io.agentledger.api.mcp.McpServerCommand.EnableMcpServer;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerQuery.FindMcpServer;
import io.agentledger.api.mcp.McpServerView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints to check, approve, enable and disable MCP servers. */
@RestController
@RequestMapping(
    path = McpServerController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "mcp servers")
class McpServerLifecycleController {
  private final MessageGateway messageGateway;
  private final IdempotencyKeys idempotencyKeys;

  McpServerLifecycleController(MessageGateway messageGateway, IdempotencyKeys idempotencyKeys) {
    this.messageGateway = messageGateway;
    this.idempotencyKeys = idempotencyKeys;
  }

  @PostMapping("/check")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(
      operationId = "checkMcpServer",
      summary = "Check an MCP server; the result is soon in snapshot or failure")
  Mono<McpServerView> check(
      @PathVariable McpServerId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, route(id, "check"));
    return sendAndGet(id, context, new CheckMcpServer(id, idempotency));
  }

  @PostMapping(path = "/approve", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "approveMcpServer",
      summary = "Approve an MCP server as it was found; rejected if it has changed since")
  Mono<McpServerView> approve(
      @PathVariable McpServerId id,
      @Valid @RequestBody ApproveMcpServerRequest body,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, route(id, "approve"), body);
    return sendAndGet(id, context, new ApproveMcpServer(id, body.digest(), idempotency));
  }

  @PostMapping("/enable")
  @Operation(operationId = "enableMcpServer", summary = "Enable an MCP server")
  Mono<McpServerView> enable(
      @PathVariable McpServerId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, route(id, "enable"));
    return sendAndGet(id, context, new EnableMcpServer(id, idempotency));
  }

  @PostMapping("/disable")
  @Operation(
      operationId = "disableMcpServer",
      summary = "Disable an MCP server, in running sessions from their next call on")
  Mono<McpServerView> disable(
      @PathVariable McpServerId id,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext context) {
    var idempotency = idempotencyKeys.create(key, route(id, "disable"));
    return sendAndGet(id, context, new DisableMcpServer(id, idempotency));
  }

  private static String route(McpServerId id, String action) {
    return "POST " + McpServerController.PATH + "/" + id + "/" + action;
  }

  private Mono<McpServerView> sendAndGet(McpServerId id, RequestContext context, Object command) {
    return messageGateway
        .send(context, command)
        .then(
            messageGateway.query(
                context, new FindMcpServer(context.tenant(), id), McpServerView.class));
  }
}
