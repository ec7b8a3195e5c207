package io.agentledger.gateway.session.branch;

import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.SessionTools;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What REST and RSocket do in common with sessions that begin where others are. */
@Component
class SessionBranchService {
  private final MessageGateway bus;
  private final SessionService door;
  private final FileHistory history;

  SessionBranchService(MessageGateway bus, SessionService door, FileHistory history) {
    this.bus = bus;
    this.door = door;
    this.history = history;
  }

  /** Whoever may see a session may branch off it. */
  Mono<SessionView> fork(
      RequestContext visit,
      SessionId id,
      ForkSessionRequest wish,
      @Nullable Idempotency idempotency) {
    return door.find(visit, id)
        .flatMap(
            from ->
                bus.back(Mono.fromCompletionStage(() -> history.point(id, wish.checkpointId())))
                    .map(
                        point -> {
                          var origin = new SessionOrigin.Forked(from.id(), point.sequence());
                          return command(visit, new Branch(from, wish, point, origin), idempotency);
                        }))
        .flatMap(command -> bus.<SessionId>send(visit, command))
        .flatMap(opened -> door.find(visit, opened));
  }

  /** Another session with all of this one. */
  Mono<SessionView> copy(
      RequestContext visit,
      SessionId id,
      CloneSessionRequest wish,
      @Nullable Idempotency idempotency) {
    return door.find(visit, id)
        .flatMap(from -> copied(visit, from, wish, idempotency))
        .flatMap(opened -> door.find(visit, opened));
  }

  private Mono<SessionId> copied(
      RequestContext visit,
      SessionView from,
      CloneSessionRequest wish,
      @Nullable Idempotency idempotency) {
    var as = new ForkSessionRequest(null, wish.title(), wish.executor());
    return bus.back(Mono.fromCompletionStage(() -> history.point(from.id(), null)))
        .map(
            point -> {
              var origin = new SessionOrigin.Cloned(from.id(), point.sequence());
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
  private record Branch(
      SessionView from, ForkSessionRequest wish, FileHistory.Point point, SessionOrigin origin) {}

  private static OpenSession command(
      RequestContext visit, Branch branch, @Nullable Idempotency idempotency) {
    var from = branch.from();
    var wish = branch.wish();
    var executor = wish.executor();
    var point = branch.point();
    var wishes =
        new SessionSpec(
            wish.title() == null ? from.title() : wish.title(),
            from.metadata(),
            wishes(executor == null ? from.options() : executor.over(from.options())),
            AgentOverrides.NONE,
            from.budget(),
            SessionTools.NONE,
            null);
    return new OpenSession(
        SessionId.next(),
        visit.caller().user(),
        ThreadId.next(),
        branch.origin(),
        wishes,
        WorkspaceSpec.of(new Workspace.Copied(point.files(), point.bytes())),
        idempotency);
  }

  /** All of them said: a branch runs as its session does, whatever the defaults are by now. */
  private static RunOverrides wishes(RunOptions options) {
    return new RunOverrides(
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
