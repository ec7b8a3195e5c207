package io.agentledger.gateway.session.query;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.session.stream.StreamRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
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
  private static final Logger LOG = LoggerFactory.getLogger(QueryController.class);
  private static final int WAIT_SECONDS_MAX = 3600;

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
      summary = "Open a session, send a query and return its result when the run has ended",
      description =
          "If the client disconnects before the response, the run is interrupted, unless the "
              + "request has an Idempotency-Key, with which it can be repeated.")
  @ApiResponse(
      responseCode = "200",
      description = "The ended run",
      content = @Content(schema = @Schema(implementation = RunView.class)))
  @ApiResponse(
      responseCode = "202",
      description = "The run continues: it waits for an answer, or did not end in time",
      content = @Content(schema = @Schema(implementation = PendingQueryResponse.class)))
  @ApiResponse(
      responseCode = "402",
      description = "The run waits for budget (details.run), or the budget is used up",
      content =
          @Content(
              mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
              schema = @Schema(implementation = Problem.class)))
  Mono<ResponseEntity<?>> querySingle(
      @Valid @RequestBody QueryInNewSessionRequest request,
      @Parameter(
              description =
                  "Seconds to wait for the end of the run, answers included. Without it, the "
                      + "response arrives as soon as the run waits for an answer",
              schema = @Schema(type = "integer", minimum = "0", maximum = "3600"))
          @RequestParam(required = false)
          @Nullable Integer wait,
      IdempotencyKey key,
      RequestContext context) {
    if (wait != null && (wait < 0 || wait > WAIT_SECONDS_MAX))
      throw InvalidRequestException.parameter("wait", "must be from 0 to " + WAIT_SECONDS_MAX);
    var idempotency = key.with(request);
    return messageGateway
        .offload(() -> sessionService.openAndQuery(context, request, idempotency))
        .flatMap(
            query ->
                runResultAwaiter
                    .await(context, query, wait == null ? null : Duration.ofSeconds(wait))
                    .<ResponseEntity<?>>map(response -> withIds(response, query))
                    .doOnCancel(() -> abandon(context, query, idempotency)));
  }

  /** Ends the run of a client that disconnected and cannot repeat its request. */
  private void abandon(RequestContext context, QueryView query, @Nullable Idempotency idempotency) {
    if (idempotency != null) return;
    sessionService
        .submit(context, query.sessionId(), List.of(new Input.Interrupt()), null)
        .subscribe(
            accepted -> {},
            failure ->
                LOG.atWarn()
                    .addKeyValue("session", query.sessionId())
                    .setCause(failure)
                    .log("run of a disconnected client could not be interrupted"));
  }

  private static <T> ResponseEntity<T> withIds(ResponseEntity<T> response, QueryView query) {
    var headers = new HttpHeaders();
    headers.addAll(response.getHeaders());
    setIds(headers, query);
    return new ResponseEntity<>(response.getBody(), headers, response.getStatusCode());
  }

  private static void setIds(HttpHeaders headers, QueryView query) {
    headers.set("Location", SessionController.PATH + "/" + query.sessionId());
    headers.set("X-Session-Id", query.sessionId().value());
    headers.set("X-Query-Id", query.id().value());
    headers.set("X-Run-Id", query.runId().value());
  }

  private Mono<Void> respond(RequestContext context, QueryView query, ServerWebExchange exchange) {
    var response = exchange.getResponse();
    setIds(response.getHeaders(), query);
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
