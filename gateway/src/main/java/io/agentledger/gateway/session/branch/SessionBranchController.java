package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.InheritedMessageView;
import io.agentledger.api.session.query.SessionQuery.ListInheritedMessages;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.session.SessionController;
import io.agentledger.gateway.session.prompt.QueryResponseWriter;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** REST endpoints for forks and clones. A caller who may see a session may branch off it. */
@RestController
@RequestMapping(path = SessionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class SessionBranchController {
  private final MessageGateway messageGateway;
  private final SessionBranchService branches;
  private final QueryResponseWriter responses;

  SessionBranchController(
      MessageGateway messageGateway, SessionBranchService branches, QueryResponseWriter responses) {
    this.messageGateway = messageGateway;
    this.branches = branches;
    this.responses = responses;
  }

  @PostMapping(
      path = "/{id}/fork",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
  @Operation(
      operationId = "forkSession",
      summary = "Open a session that continues the conversation and files of another",
      description =
          "With a prompt, a query is sent to the new session; its result is streamed if the "
              + "request accepts text/event-stream.")
  @ApiResponse(
      responseCode = "200",
      description = "Stream of items; for requests with a prompt that accept text/event-stream",
      content =
          @Content(
              mediaType = "text/event-stream",
              schema = @Schema(implementation = StreamItem.class)))
  @ApiResponse(
      responseCode = "201",
      description = "The new session",
      content =
          @Content(
              mediaType = "application/json",
              schema = @Schema(implementation = SessionView.class)))
  Mono<Void> fork(
      @PathVariable SessionId id,
      @Nullable @Valid @RequestBody(required = false) ForkSessionRequest body,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    var request = body == null ? ForkSessionRequest.DEFAULT : body;
    var idempotency = key.with(request);
    return branches
        .fork(context, id, request, idempotency)
        .flatMap(fork -> respond(context, fork, exchange));
  }

  private Mono<Void> respond(
      RequestContext context, SessionBranchService.Fork fork, ServerWebExchange exchange) {
    if (fork.query() != null && QueryResponseWriter.requestsStream(exchange))
      return responses.writeStream(context, fork.query(), exchange);
    exchange.getResponse().getHeaders().setLocation(location(fork.session()));
    return responses.writeJson(HttpStatus.CREATED, fork.session(), exchange);
  }

  private static URI location(SessionView session) {
    return URI.create(SessionController.PATH + "/" + session.id());
  }

  private static ResponseEntity<SessionView> createdResponse(SessionView view) {
    return ResponseEntity.created(location(view)).body(view);
  }

  @PostMapping(path = "/{id}/clone", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "cloneSession",
      summary = "Copy a session: conversation, files, tags and history")
  Mono<ResponseEntity<SessionView>> cloneSession(
      @PathVariable SessionId id,
      @Nullable @Valid @RequestBody(required = false) CloneSessionRequest body,
      IdempotencyKey key,
      RequestContext context) {
    var request = body == null ? CloneSessionRequest.DEFAULT : body;
    var idempotency = key.with(request);
    return branches
        .cloneSession(context, id, request, idempotency)
        .map(SessionBranchController::createdResponse);
  }

  @GetMapping("/{id}/inherited-messages")
  @Operation(
      operationId = "listInheritedMessages",
      summary = "List the messages that a fork or clone began with, oldest first")
  Mono<Page<InheritedMessageView>> listInheritedMessages(
      @PathVariable SessionId id, PageRequest page, RequestContext context) {
    return messageGateway.queryPage(context, new ListInheritedMessages(context.tenant(), id, page));
  }
}
