package io.agentledger.gateway.session;

import io.agentledger.api.session.AgentWishes;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.KeepingCommand.TagSession;
import io.agentledger.api.session.Origin;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionCommand.OpenSession;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionPlace;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.SessionWishes;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.support.Bus;
import io.agentledger.gateway.support.Plain;
import io.agentledger.gateway.support.Visit;
import jakarta.validation.constraints.Size;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What REST and RSocket do in common with sessions that begin where others are. */
@Component
class Branches {
  private final Bus bus;
  private final SessionDoor door;
  private final FileHistory history;

  Branches(Bus bus, SessionDoor door, FileHistory history) {
    this.bus = bus;
    this.door = door;
    this.history = history;
  }

  /**
   * A branch that is wished for.
   *
   * @param checkpointId where it begins; null for the last one
   * @param executor as that of the session that it branches off if left out
   */
  record NewFork(
      @Nullable CheckpointId checkpointId,
      @Nullable @Size(max = 200, message = "must be at most 200 characters") @Plain String title,
      @Nullable ExecutorWish executor) {}

  /** A clone that is wished for. */
  record NewClone(
      @Nullable @Size(max = 200, message = "must be at most 200 characters") @Plain String title,
      @Nullable ExecutorWish executor) {}

  /** Whoever may see a session may branch off it. */
  Mono<SessionView> fork(
      Visit visit, SessionId id, NewFork wish, @Nullable Idempotency idempotency) {
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
        .flatMap(opened -> door.find(visit, opened));
  }

  /** Another session with all of this one. */
  Mono<SessionView> copy(
      Visit visit, SessionId id, NewClone wish, @Nullable Idempotency idempotency) {
    return door.find(visit, id)
        .flatMap(from -> copied(visit, from, wish, idempotency))
        .flatMap(opened -> door.find(visit, opened));
  }

  private Mono<SessionId> copied(
      Visit visit, SessionView from, NewClone wish, @Nullable Idempotency idempotency) {
    var as = new NewFork(null, wish.title(), wish.executor());
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

  /** What begins where. */
  private record Branch(SessionView from, NewFork wish, FileHistory.Point point, Origin origin) {}

  private static OpenSession command(
      Visit visit, Branch branch, @Nullable Idempotency idempotency) {
    var from = branch.from();
    var wish = branch.wish();
    var executor = wish.executor();
    var point = branch.point();
    var wishes =
        new SessionWishes(
            wish.title() == null ? from.title() : wish.title(),
            from.metadata(),
            wishes(executor == null ? from.options() : executor.over(from.options())),
            AgentWishes.NONE,
            from.budget(),
            SessionTools.NONE,
            null);
    return new OpenSession(
        SessionId.next(),
        visit.caller().user(),
        ThreadId.next(),
        branch.origin(),
        wishes,
        SessionPlace.of(new Workspace.Copied(point.files(), point.bytes())),
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
