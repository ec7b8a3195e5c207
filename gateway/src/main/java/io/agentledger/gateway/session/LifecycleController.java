package io.agentledger.gateway.session;

import io.agentledger.api.session.SessionCommand;
import io.agentledger.api.session.SessionCommand.ArchiveSession;
import io.agentledger.api.session.SessionCommand.CloseSession;
import io.agentledger.api.session.SessionCommand.DeleteSession;
import io.agentledger.api.session.SessionCommand.PauseSession;
import io.agentledger.api.session.SessionCommand.RestoreSession;
import io.agentledger.api.session.SessionCommand.UnpauseSession;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionView;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Visit;
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

/** Where a session stands in its life. All of it may be said twice. */
@RestController
@RequestMapping(
    path = SessionController.PATH + "/{id}",
    produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class LifecycleController {
  private final Bus bus;
  private final SessionDoor door;

  LifecycleController(Bus bus, SessionDoor door) {
    this.bus = bus;
    this.door = door;
  }

  @PostMapping("/pause")
  @Operation(operationId = "pauseSession", summary = "Lets the run in progress end and none begin")
  Mono<SessionView> pause(@PathVariable SessionId id, Visit visit) {
    return then(visit, new PauseSession(id));
  }

  @PostMapping("/unpause")
  @Operation(operationId = "unpauseSession", summary = "Lets what waits begin")
  Mono<SessionView> unpause(@PathVariable SessionId id, Visit visit) {
    return then(visit, new UnpauseSession(id));
  }

  @PostMapping("/archive")
  @Operation(operationId = "archiveSession", summary = "Puts a session away that is at rest")
  Mono<SessionView> archive(@PathVariable SessionId id, Visit visit) {
    return then(visit, new ArchiveSession(id));
  }

  @PostMapping("/restore")
  @Operation(
      operationId = "restoreSession",
      summary = "Takes a session out of the archive, or up again after it expired")
  Mono<SessionView> restore(@PathVariable SessionId id, Visit visit) {
    return then(visit, new RestoreSession(id));
  }

  @PostMapping("/close")
  @Operation(
      operationId = "closeSession",
      summary = "Ends a session for good, with all that it is doing")
  Mono<SessionView> close(@PathVariable SessionId id, Visit visit) {
    return then(visit, new CloseSession(id));
  }

  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  @Operation(operationId = "deleteSession", summary = "Closes a session and takes it out of sight")
  Mono<Void> delete(@PathVariable SessionId id, Visit visit) {
    return bus.send(visit, new DeleteSession(id)).then();
  }

  private Mono<SessionView> then(Visit visit, SessionCommand command) {
    return bus.send(visit, command).then(door.find(visit, command.sessionId()));
  }
}
