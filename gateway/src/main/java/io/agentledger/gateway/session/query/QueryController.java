package io.agentledger.gateway.session.query;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Queries. The answer is the query's own stream as server-sent events, unless the client accepts
 * JSON and no stream; the same {@code Idempotency-Key} attaches to the same query again.
 */
@RestController
@RequestMapping(path = "/api/v1", consumes = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "queries")
class QueryController {
  private final MessageGateway bus;
  private final SessionService door;
  private final SseResponseWriter sse;
  private final RunResultAwaiter answers;
  private final IdempotencyKeys idempotencies;
  private final WireJson json;

  QueryController(
      MessageGateway bus,
      SessionService door,
      SseResponseWriter sse,
      RunResultAwaiter answers,
      IdempotencyKeys idempotencies,
      WireJson json) {
    this.bus = bus;
    this.door = door;
    this.sse = sse;
    this.answers = answers;
    this.idempotencies = idempotencies;
    this.json = json;
  }

  @PostMapping("/sessions/{id}/query")
  @Operation(operationId = "query", summary = "Asks in a session and streams what comes of it")
  @ApiResponse(
      responseCode = "200",
      description = "The stream; each event's data is one item",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = StreamItem.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Accepted, for who accepts application/json only",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = QueryView.class)))
  Mono<Void> ask(
      @PathVariable SessionId id,
      @Valid @RequestBody CreateQueryRequest wish,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext visit,
      ServerWebExchange exchange) {
    return bus.aside(() -> door.ask(visit, id, wish, key(key, "/sessions/" + id + "/query", wish)))
        .flatMap(query -> answer(visit, query, exchange));
  }

  @PostMapping("/query")
  @Operation(operationId = "queryInNewSession", summary = "Opens a session and asks in it")
  @ApiResponse(
      responseCode = "200",
      description = "The stream; each event's data is one item",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = StreamItem.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Accepted, for who accepts application/json only",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = QueryView.class)))
  Mono<Void> openAndAsk(
      @Valid @RequestBody QueryInNewSessionRequest wish,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext visit,
      ServerWebExchange exchange) {
    return bus.aside(() -> door.openAndAsk(visit, wish, key(key, "/query", wish)))
        .flatMap(query -> answer(visit, query, exchange));
  }

  @PostMapping(path = "/query/single", produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "querySingle",
      summary = "Opens a session, asks in it and answers when the run has ended")
  @ApiResponse(
      responseCode = "200",
      description = "The run, ended",
      content = @Content(schema = @Schema(implementation = RunView.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Still not ended when its time was over; it goes on",
      content = @Content(schema = @Schema(implementation = QueryView.class)))
  Mono<ResponseEntity<Object>> single(
      @Valid @RequestBody QueryInNewSessionRequest wish,
      @RequestHeader(name = IdempotencyKeys.HEADER, required = false) @Nullable String key,
      RequestContext visit) {
    return bus.aside(() -> door.openAndAsk(visit, wish, key(key, "/query/single", wish)))
        .flatMap(query -> answers.await(visit, query));
  }

  private @Nullable Idempotency key(@Nullable String key, String route, Object wish) {
    return idempotencies.of(key, "POST /api/v1" + route, wish);
  }

  private Mono<Void> answer(RequestContext visit, QueryView query, ServerWebExchange exchange) {
    var response = exchange.getResponse();
    var headers = response.getHeaders();
    headers.set("Location", SessionController.PATH + "/" + query.sessionId());
    headers.set("X-Session-Id", query.sessionId().value());
    headers.set("X-Query-Id", query.id().value());
    headers.set("X-Run-Id", query.runId().value());
    return wantsJson(exchange)
        ? accept(response, query)
        : sse.answer(response, StreamRequest.of(visit, query));
  }

  private Mono<Void> accept(ServerHttpResponse response, QueryView query) {
    response.setStatusCode(HttpStatus.ACCEPTED);
    response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
    var body = response.bufferFactory().wrap(json.bytes(query));
    return response.writeWith(Mono.just(body));
  }

  /** Only who names JSON and neither the stream nor everything. */
  private static boolean wantsJson(ServerWebExchange exchange) {
    var accepted = exchange.getRequest().getHeaders().getAccept();
    return accepted.stream().anyMatch(MediaType.APPLICATION_JSON::isCompatibleWith)
        && accepted.stream().noneMatch(MediaType.TEXT_EVENT_STREAM::isCompatibleWith);
  }
}
