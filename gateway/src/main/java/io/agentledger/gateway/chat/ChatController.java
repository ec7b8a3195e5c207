package io.agentledger.gateway.chat;

import io.agentledger.api.session.query.RunView;
import io.agentledger.gateway.session.prompt.PendingQueryResponse;
import io.agentledger.gateway.session.prompt.QueryApiResponses;
import io.agentledger.gateway.session.prompt.QueryResponseWriter;
import io.agentledger.gateway.session.prompt.RunResultAwaiter;
import io.agentledger.gateway.support.problem.Problem;
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
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** REST endpoints for the caller's chat, whose responses are those of queries. */
@RestController
@Tag(name = "chat")
class ChatController {
  private static final String PATH = "/api/v1/chat";

  private final ChatService chatService;
  private final QueryResponseWriter responses;
  private final RunResultAwaiter runResultAwaiter;

  ChatController(
      ChatService chatService, QueryResponseWriter responses, RunResultAwaiter runResultAwaiter) {
    this.chatService = chatService;
    this.responses = responses;
    this.runResultAwaiter = runResultAwaiter;
  }

  @PostMapping(
      path = PATH,
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_JSON_VALUE})
  @Operation(operationId = "chat", summary = "Send a message to Brain and stream the answer")
  @QueryApiResponses
  Mono<Void> send(
      @Valid @RequestBody ChatRequest request,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    return chatService
        .send(context, request, key.with(request))
        .flatMap(query -> responses.write(context, query, exchange));
  }

  @PostMapping(
      path = "/api/chat",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = {MediaType.TEXT_EVENT_STREAM_VALUE, MediaType.APPLICATION_JSON_VALUE})
  @Operation(operationId = "chatByAlias", summary = "Alias of POST /api/v1/chat")
  @QueryApiResponses
  Mono<Void> sendByAlias(
      @Valid @RequestBody ChatRequest request,
      IdempotencyKey key,
      RequestContext context,
      ServerWebExchange exchange) {
    return send(request, key, context, exchange);
  }

  @PostMapping(
      path = PATH + "/single",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "chatSingle",
      summary = "Send a message to Brain and return the answer when the run has ended")
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
  Mono<ResponseEntity<?>> sendAndAwait(
      @Valid @RequestBody ChatRequest request, IdempotencyKey key, RequestContext context) {
    return chatService
        .send(context, request, key.with(request))
        .flatMap(
            query ->
                runResultAwaiter
                    .await(context, query, null)
                    .<ResponseEntity<?>>map(
                        response -> QueryResponseWriter.withIds(response, query)));
  }

  @GetMapping(path = PATH, produces = MediaType.APPLICATION_JSON_VALUE)
  @Operation(operationId = "getChat", summary = "Get the session of your chat")
  Mono<ChatResponse> find(RequestContext context) {
    return chatService.find(context);
  }

  @DeleteMapping(PATH)
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(
      operationId = "endChat",
      summary = "Close the session of your chat; the next message begins a new conversation")
  Mono<Void> end(RequestContext context) {
    return chatService.end(context);
  }
}
