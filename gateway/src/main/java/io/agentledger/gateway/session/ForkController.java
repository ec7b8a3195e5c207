package io.agentledger.gateway.session;

import io.agentledger.api.session.AgentWishes;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.HistoryView;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.KeepingCommand.TagSession;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionQuery.ListHistory;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Idempotencies;
import io.agentledger.gateway.support.Limits;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
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
                    .map(
                        point -> {
                          var origin = new Origin.Forked(from.id(), point.sequence());
                          return command(visit, new Branch(from, wish, point, origin), idempotency);
                        }))
        .flatMap(command -> bus.<SessionId>send(visit, command))
        .flatMap(opened -> door.find(visit, opened))
        .map(
            view ->
                ResponseEntity.created(URI.create(SessionController.PATH + "/" + view.id()))
                    .body(view));
  }

  /** A clone that is wished for. */
  record NewClone(
      @Nullable @Size(max = 200, message = "must be at most 200 characters") @Plain String title) {}

  @PostMapping(path = "/{id}/clone", consumes = MediaType.APPLICATION_JSON_VALUE)
  @ResponseStatus(HttpStatus.CREATED)
  @Operation(
      operationId = "cloneSession",
      summary = "Opens another session with all of this one: conversation, files, tags, history")
  Mono<ResponseEntity<SessionView>> copy(
      @PathVariable SessionId id,
      @Valid @RequestBody NewClone wish,
      @RequestHeader(name = Idempotencies.HEADER, required = false) @Nullable String key,
      Visit visit) {
    var path = SessionController.PATH + "/" + id + "/clone";
    var idempotency = idempotencies.of(key, "POST " + path, wish);
    return door.find(visit, id)
        .flatMap(from -> copied(visit, from, wish, idempotency))
        .flatMap(opened -> door.find(visit, opened))
        .map(
            view ->
                ResponseEntity.created(URI.create(SessionController.PATH + "/" + view.id()))
                    .body(view));
  }

  private Mono<SessionId> copied(
      Visit visit, SessionView from, NewClone wish, @Nullable Idempotency idempotency) {
    var as = new NewFork(null, wish.title());
    return bus.back(Mono.fromCompletionStage(() -> history.point(from.id(), null)))
        .map(
            point -> {
              var origin = new Origin.Cloned(from.id(), point.sequence());
              return command(visit, new Branch(from, as, point, origin), idempotency);
            })
        .flatMap(command -> bus.<SessionId>send(visit, command))
        .flatMap(
            opened ->
                from.tags().isEmpty()
                    ? Mono.just(opened)
                    : bus.send(visit, new TagSession(opened, Set.copyOf(from.tags())))
                        .thenReturn(opened));
  }

  @GetMapping("/{id}/history")
  @Operation(
      operationId = "listHistory",
      summary = "What a branch or a clone began with, oldest first")
  Mono<Page<HistoryView>> history(
      @PathVariable SessionId id,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor,
      Visit visit) {
    return bus.askPage(visit, new ListHistory(visit.tenant(), id, Limits.page(limit, cursor)));
  }

  /** What begins where. */
  private record Branch(SessionView from, NewFork wish, FileHistory.Point point, Origin origin) {}

  private static OpenSession command(
      Visit visit, Branch branch, @Nullable Idempotency idempotency) {
    var from = branch.from();
    var wish = branch.wish();
    var point = branch.point();
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
        branch.origin(),
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
