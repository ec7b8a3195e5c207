package io.agentledger.gateway.session.prompt;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionQuery.ListMessages;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.problem.Problem;
import io.agentledger.gateway.support.problem.ProblemMapper;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
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
  private final QueryResponseWriter responses;
  private final RunResultAwaiter runResultAwaiter;

  QueryController(
      MessageGateway messageGateway,
      SessionService sessionService,
      QueryResponseWriter responses,
      RunResultAwaiter runResultAwaiter) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.responses = responses;
    this.runResultAwaiter = runResultAwaiter;
  }

  @PostMapping(
      path = "/sessions/{id}/query",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_JSON_VALUE})
  @Operation(operationId = "query", summary = "Send a query to a session and stream the result")
  @QueryApiResponses
  Mono<Void> query(
      @PathVariable SessionId id,
      @RequestBody CreateQueryRequest request,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    if (!QueryResponseWriter.prefersJson(exchange)) requireRead(context);
    return messageGateway
        .offload(() -> sessionService.submitQuery(context, id, request, key.with(request)))
        .flatMap(query -> responses.write(context, query, exchange));
  }

  @PostMapping(
      path = "/query",
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_JSON_VALUE})
  @Operation(
      operationId = "queryInNewSession",
      summary = "Send a query to a new session, or to the one that the request names")
  @QueryApiResponses
  Mono<Void> queryInNewSession(
      @RequestBody QueryInNewSessionRequest request,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    if (!QueryResponseWriter.prefersJson(exchange)) requireRead(context);
    return messageGateway
        .offload(() -> sessionService.openAndQuery(context, request, key.with(request)))
        .flatMap(query -> responses.write(context, query, exchange));
  }

  @PostMapping(
      path = "/sessions/{id}/resume",
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
  @Operation(
      operationId = "resumeSession",
      summary = "Resume a paused, expired or archived session and send a query",
      description = "Streams the result of the query if the request accepts text/event-stream.")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of items; for requests that accept text/event-stream",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = StreamItem.class)))
  @ApiResponse(
      responseCode = "202",
      description = "Accepted",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = SubmitResult.class)))
  Mono<Void> resume(
      @PathVariable SessionId id,
      @RequestBody CreateQueryRequest request,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    if (QueryResponseWriter.requestsStream(exchange)) requireRead(context);
    return messageGateway
        .offload(
            () ->
                sessionService.submitQuery(
                    context, id, List.of(new Input.Resume()), request, key.with(request)))
        .flatMap(
            result ->
                QueryResponseWriter.requestsStream(exchange)
                    ? responses.writeStream(context, QueryView.from(result), exchange)
                    : responses.writeJson(HttpStatus.ACCEPTED, result, exchange));
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
      description = "The ended run; with include=messages beside its messages",
      content = @Content(schema = @Schema(oneOf = {RunView.class, RunWithMessagesResponse.class})))
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
      @RequestBody QueryInNewSessionRequest request,
      @Parameter(
              description =
                  "Seconds to wait for the end of the run, answers included. Without it, the "
                      + "response arrives as soon as the run waits for an answer",
              schema = @Schema(type = "integer", minimum = "0", maximum = "3600"))
          @RequestParam(required = false)
          @Nullable Integer wait,
      @Parameter(description = "messages adds the first page of the session's messages")
          @RequestParam(required = false)
          @Nullable Include include,
      IdempotencyKey key,
      RequestContext context) {
    if (wait != null && (wait < 0 || wait > WAIT_SECONDS_MAX))
      throw InvalidRequestException.parameter("wait", "must be from 0 to " + WAIT_SECONDS_MAX);
    requireRead(context);
    var idempotency = key.with(request);
    var accepted =
        messageGateway
            .offload(() -> sessionService.openAndQuery(context, request, idempotency))
            .cache(); // Continues if the client disconnects, so that the query can be cancelled.
    return accepted
        .flatMap(
            query ->
                runResultAwaiter
                    .await(context, query, wait == null ? null : Duration.ofSeconds(wait))
                    .flatMap(response -> include(include, context, response))
                    .<ResponseEntity<?>>map(
                        response -> QueryResponseWriter.withIds(response, query)))
        .doOnCancel(() -> abandon(context, accepted, idempotency));
  }

  /** Requires the right to read the response, before the query is sent. */
  static void requireRead(RequestContext context) {
    if (!context.caller().has(Scope.SESSIONS_READ))
      throw new RejectionException(Rejection.InsufficientScope.anyOf(Scope.SESSIONS_READ));
  }

  /** Parts that a response contains on request. */
  enum Include {
    MESSAGES
  }

  private Mono<ResponseEntity<?>> include(
      @Nullable Include include, RequestContext context, ResponseEntity<?> response) {
    if (include == null || !(response.getBody() instanceof RunView run)) return Mono.just(response);
    var page = new PageRequest(PageRequest.LIMIT_MAX, null);
    return messageGateway
        .<MessageView>queryPage(context, new ListMessages(context.tenant(), run.sessionId(), page))
        .map(messages -> ResponseEntity.ok(new RunWithMessagesResponse(run, messages)));
  }

  /** Cancels the query of a client that disconnected and cannot repeat its request. */
  private void abandon(
      RequestContext context, Mono<QueryView> accepted, @Nullable Idempotency idempotency) {
    if (idempotency != null || !runResultAwaiter.isRunning()) return; // Runs survive a shutdown.
    accepted
        .onErrorComplete() // Nothing was accepted.
        .flatMap(
            query ->
                sessionService.submit(
                    context,
                    query.sessionId(),
                    List.of(new Input.CancelQuery(query.id(), query.runId())),
                    null))
        .subscribe(
            cancelled -> {},
            failure -> {
              if (!ProblemMapper.isRejection(failure)) // The session has ended.
              LOG.atWarn()
                    .setCause(failure)
                    .log("query of a disconnected client could not be cancelled");
            });
  }
}
