package io.agentledger.gateway.platform;

import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.platform.PlatformTool.Audience;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.modelcontextprotocol.spec.HttpHeaders;
import io.swagger.v3.oas.annotations.Hidden;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Endpoint of the platform's MCP server, over streamable HTTP without sessions and without a stream
 * of the server: a GET is a 405, and the header {@code Mcp-Session-Id} has no meaning. Every
 * message is authenticated, counted and limited like a request of the API.
 */
@RestController
@Hidden // The protocol describes itself: tools/list.
class PlatformMcpController {
  private static final int METHOD_LENGTH_MAX = 100;

  private final MessageGateway messageGateway;
  private final PlatformMcpServer server;

  PlatformMcpController(MessageGateway messageGateway, PlatformMcpServer server) {
    this.messageGateway = messageGateway;
    this.server = server;
  }

  /** Answers one message of JSON-RPC; a notification is accepted without an answer. */
  @PostMapping(
      path = "/mcp",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  Mono<ResponseEntity<byte[]>> receive(
      @RequestHeader(name = HttpHeaders.PROTOCOL_VERSION, required = false)
          @Nullable String version,
      @RequestBody ObjectNode message,
      RequestContext context) {
    if (version != null && !PlatformMcpServer.VERSIONS.contains(version))
      throw InvalidRequestException.header(
          HttpHeaders.PROTOCOL_VERSION,
          "must be one of " + String.join(", ", PlatformMcpServer.VERSIONS));
    if (!message.path("jsonrpc").asString("").equals("2.0"))
      throw InvalidRequestException.body("/jsonrpc", "must be \"2.0\"");
    if (!message.has("method")) {
      if (!message.has("result") && !message.has("error"))
        throw InvalidRequestException.body("/method", "is required");
      return accepted(); // The response to a request that this server never sent.
    }
    var method = message.path("method").asString("");
    if (method.isEmpty() || method.length() > METHOD_LENGTH_MAX)
      throw InvalidRequestException.body(
          "/method", "must be 1 to " + METHOD_LENGTH_MAX + " characters");
    if (!message.has("id")) return accepted();
    var request = McpRequest.of(message);
    return messageGateway
        .onEventLoop(server.answer(context, Audience.CLIENTS, request))
        .map(ResponseEntity::ok);
  }

  private static Mono<ResponseEntity<byte[]>> accepted() {
    return Mono.just(ResponseEntity.accepted().build());
  }
}
