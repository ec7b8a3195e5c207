package io.agentledger.gateway.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.LifecycleStatus;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.query.SessionQuery.ListSessions;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.gateway.session.input.SubmitInputsRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for sessions. */
@RestController
@RequestMapping(path = SessionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
public class SessionController {
  public static final String PATH = "/api/v1/sessions";

  private final MessageGateway messageGateway;
  private final SessionService sessionService;

  SessionController(MessageGateway messageGateway, SessionService sessionService) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
  }

  @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "openSession",
      summary = "Open a session",
      description =
          "With multipart/form-data it is the operation openSessionWithFiles: the files of the "
              + "request become the session's workspace.")
  Mono<ResponseEntity<SessionView>> open(
      @RequestBody CreateSessionRequest request, IdempotencyKey key, RequestContext context) {
    return sessionService
        .open(context, request, key.with(request))
        .flatMap(id -> sessionService.find(context, id))
        .map(view -> ResponseEntity.created(URI.create(PATH + "/" + view.id())).body(view));
  }

  @GetMapping
  @Operation(operationId = "listSessions", summary = "List sessions, newest first")
  Mono<Page<SessionView>> list(
      @RequestParam(required = false) @Nullable Activity activity,
      @RequestParam(required = false) @Nullable Set<@Nullable LifecycleStatus> lifecycle,
      @RequestParam(required = false) @Nullable String tag,
      SessionListParams params,
      PageRequest page,
      RequestContext context) {
    return messageGateway.queryPage(
        context,
        new ListSessions(
            context.tenant(), SessionFilters.toFilter(activity, lifecycle, tag, params), page));
  }

  @GetMapping("/{id}")
  @Operation(operationId = "getSession", summary = "Get a session, as it is or as it was")
  Mono<SessionView> find(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Long at,
      @RequestParam(name = "as_of", required = false) @Nullable Instant asOf,
      RequestContext context) {
    return sessionService.find(context, id, new PositionParams(at, asOf).toPosition());
  }

  @PostMapping(path = "/{id}/inputs", consumes = MediaType.APPLICATION_JSON_VALUE)
  @Operation(
      operationId = "submitInputs",
      summary = "Submit prompts, decisions, answers or interrupts: all of them or none")
  Mono<SubmitResult> submit(
      @PathVariable SessionId id,
      @RequestBody SubmitInputsRequest body,
      IdempotencyKey key,
      RequestContext context) {
    return messageGateway.offload(
        () -> {
          var idempotency = key.with(body);
          return sessionService.submitInputs(context, id, body.toBatch(), idempotency);
        });
  }

  @PostMapping("/{id}/interrupt")
  @ResponseStatus(HttpStatus.ACCEPTED)
  @Operation(operationId = "interruptSession", summary = "Interrupt the run in progress")
  Mono<SubmitResult> interrupt(
      @PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    var idempotency = key.withoutBody();
    return sessionService.submit(context, id, List.of(new Input.Interrupt()), idempotency);
  }
}
