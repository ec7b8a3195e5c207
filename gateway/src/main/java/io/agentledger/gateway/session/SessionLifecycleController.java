package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RestoreSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.UnpauseSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.IdempotencyKey;
import io.agentledger.gateway.support.web.RequestContext;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** REST endpoints for the lifecycle of a session. All of them are idempotent. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class SessionLifecycleController {
  private final MessageGateway messageGateway;
  private final SessionService sessionService;

  SessionLifecycleController(MessageGateway messageGateway, SessionService sessionService) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
  }

  @PostMapping("/pause")
  @Operation(
      operationId = "pauseSession",
      summary =
          "Pause a session: the run in progress continues to its end, and no other one starts")
  Mono<SessionView> pause(@PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(context, new PauseSession(id, key.withoutBody()));
  }

  @PostMapping("/unpause")
  @Operation(operationId = "unpauseSession", summary = "Unpause a session; queued queries start")
  Mono<SessionView> unpause(
      @PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(context, new UnpauseSession(id, key.withoutBody()));
  }

  @PostMapping("/archive")
  @Operation(operationId = "archiveSession", summary = "Archive an idle session")
  Mono<SessionView> archive(
      @PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(context, new ArchiveSession(id, key.withoutBody()));
  }

  @PostMapping("/restore")
  @Operation(operationId = "restoreSession", summary = "Restore an archived or expired session")
  Mono<SessionView> restore(
      @PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(context, new RestoreSession(id, key.withoutBody()));
  }

  @PostMapping("/close")
  @Operation(
      operationId = "closeSession",
      summary = "Close a session permanently and stop its run and background tasks")
  Mono<SessionView> close(@PathVariable SessionId id, IdempotencyKey key, RequestContext context) {
    return sendAndGet(context, new CloseSession(id, key.withoutBody()));
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteSession", summary = "Close a session and remove it from lists")
  Mono<Void> delete(@PathVariable SessionId id, RequestContext context) {
    return sessionService.delete(context, id);
  }

  private Mono<SessionView> sendAndGet(RequestContext context, SessionCommand command) {
    return messageGateway
        .send(context, command)
        .then(sessionService.find(context, command.sessionId()));
  }
}
