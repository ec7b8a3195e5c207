package io.agentledger.gateway.session.query;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * REST endpoints for queries. The response is the query's own stream as server-sent events, unless
 * the client accepts JSON and no stream. A request with the same {@code Idempotency-Key} gets the
 * stream of the same query.
 */
@RestController
@RequestMapping(path = "/api/v1", consumes = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "queries")
class QueryController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final SseResponseWriter sse;
  private final RunResultAwaiter runResultAwaiter;
  private final WireJson json;

  QueryController(
      MessageGateway messageGateway,
      SessionService sessionService,
      SseResponseWriter sse,
      RunResultAwaiter runResultAwaiter,
      WireJson json) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.sse = sse;
    this.runResultAwaiter = runResultAwaiter;
    this.json = json;
  }

  @PostMapping("/sessions/{id}/query")
  @Operation(operationId = "query", summary = "Send a query to a session and stream the result")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of items; the data of each event is one item",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = StreamItem.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Accepted; for requests that accept application/json only",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = QueryView.class)))
  Mono<Void> query(
      @PathVariable SessionId id,
      @Valid @RequestBody CreateQueryRequest request,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    return messageGateway
        .offload(() -> sessionService.submitQuery(context, id, request, key.with(request)))
        .flatMap(query -> respond(context, query, exchange));
  }

  @PostMapping("/query")
  @Operation(operationId = "queryInNewSession", summary = "Open a session and send a query")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of items; the data of each event is one item",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = StreamItem.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Accepted; for requests that accept application/json only",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = QueryView.class)))
  Mono<Void> queryInNewSession(
      @Valid @RequestBody QueryInNewSessionRequest request,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    return messageGateway
        .offload(() -> sessionService.openAndQuery(context, request, key.with(request)))
        .flatMap(query -> respond(context, query, exchange));
  }

  @PostMapping(path = "/query/single", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "querySingle",
      summary = "Open a session, send a query and return its result when the run has ended")
  @ApiResponse(
      responseCode = "200",
      description = "The ended run",
      content = @Content(schema = @Schema(implementation = RunView.class)))
  @ApiResponse(
      responseCode = "202",
      description = "The run did not end in time and continues",
      content = @Content(schema = @Schema(implementation = QueryView.class)))
  Mono<ResponseEntity<Object>> querySingle(
      @Valid @RequestBody QueryInNewSessionRequest request,
      IdempotencyKey key,
      RequestContext context) {
    return messageGateway
        .offload(() -> sessionService.openAndQuery(context, request, key.with(request)))
        .flatMap(query -> runResultAwaiter.await(context, query));
  }

  private Mono<Void> respond(RequestContext context, QueryView query, ServerWebExchange exchange) {
    var response = exchange.getResponse();
    var headers = response.getHeaders();
    headers.set("Location", SessionController.PATH + "/" + query.sessionId());
    headers.set("X-Session-Id", query.sessionId().value());
    headers.set("X-Query-Id", query.id().value());
    headers.set("X-Run-Id", query.runId().value());
    return wantsJson(exchange)
        ? respondAccepted(response, query)
        : sse.write(response, StreamRequest.forQuery(context, query));
  }

  private Mono<Void> respondAccepted(ServerHttpResponse response, QueryView query) {
    response.setStatusCode(HttpStatus.ACCEPTED);
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    var body = response.bufferFactory().wrap(json.toBytes(query));
    return response.writeWith(Mono.just(body));
  }

  /** Returns whether the client accepts JSON, and neither the stream nor every type. */
  private static boolean wantsJson(ServerWebExchange exchange) {
    var accepted = exchange.getRequest().getHeaders().getAccept();
    return accepted.stream().anyMatch(MediaType.APPLICATION_JSON::isCompatibleWith)
        && accepted.stream().noneMatch(MediaType.TEXT_EVENT_STREAM::isCompatibleWith);
  }
}
