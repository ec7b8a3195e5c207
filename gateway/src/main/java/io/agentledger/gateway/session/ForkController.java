package io.agentledger.gateway.session;

import io.agentledger.api.session.AgentWishes;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** New sessions that begin where others are. Whoever may see a session may branch off it. */
@RestController
@RequestMapping(path = SessionController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "sessions")
class ForkController {
  private final Bus bus;
  private final SessionDoor door;
  private final FileHistory history;
  private final Idempotencies idempotencies;

  ForkController(Bus bus, SessionDoor door, FileHistory history, Idempotencies idempotencies) {
    this.bus = bus;
    this.door = door;
    this.history = history;
    this.idempotencies = idempotencies;
  }

  /**
   * A branch that is wished for.
   *
   * @param checkpointId where it begins; null for the last one
   */
  record NewFork(
      @Nullable CheckpointId checkpointId,
      @Nullable @Size(max = 200, message = "must be at most 200 characters") @Plain String title) {}

  @PostMapping(path = "/{id}/fork", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "forkSession",
      summary = "Opens a session that begins with another one's conversation and files")
  Mono<ResponseEntity<SessionView>> fork(
      @PathVariable SessionId id,
      @Valid @RequestBody NewFork wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var path = SessionController.PATH + "/" + id + "/fork";
    var idempotency = idempotencies.of(key, "POST " + path, wish);
    return door.find(visit, id)
        .flatMap(
            from ->
                bus.back(Mono.fromCompletionStage(() -> history.point(id, wish.checkpointId())))
                    .map(point -> command(visit, from, wish, point, idempotency)))
        .flatMap(command -> bus.<SessionId>send(visit, command))
        .flatMap(opened -> door.find(visit, opened))
        .map(
            view ->
                ResponseEntity.created(URI.create(SessionController.PATH + "/" + view.id()))
                    .body(view));
  }

  private static OpenSession command(
      Visit visit,
      SessionView from,
      NewFork wish,
      FileHistory.Point point,
      @Nullable Idempotency idempotency) {
    return new OpenSession(
        SessionId.next(),
        visit.caller().user(),
        ThreadId.next(),
        wish.title() == null ? from.title() : wish.title(),
        from.metadata(),
        wishes(from.options()),
        AgentWishes.NONE,
        from.budget(),
        new Workspace.Copied(point.files(), point.bytes()),
        new Origin.Forked(from.id(), point.sequence()),
        idempotency);
  }

  /** All of them said: a branch runs as its session does, whatever the defaults are by now. */
  private static RunWishes wishes(RunOptions options) {
    return new RunWishes(
        options.model(),
        options.permissionMode(),
        options.allowedTools(),
        options.disallowedTools(),
        options.maxTurns(),
        options.timeout(),
        options.fallbackModel(),
        options.thinking(),
        options.outputSchema());
  }
}
