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
  private final MessageGateway messageGateway;
  private final SessionService sessionService;
  private final FileHistory history;

  SessionBranchService(
      MessageGateway messageGateway, SessionService sessionService, FileHistory history) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.history = history;
  }

  /** Whoever may see a session may branch off it. */
  Mono<SessionView> fork(
      RequestContext context,
      SessionId id,
      ForkSessionRequest request,
      @Nullable Idempotency idempotency) {
    return sessionService
        .find(context, id)
        .flatMap(
            from ->
                messageGateway
                    .onEventLoop(
                        Mono.fromCompletionStage(() -> history.point(id, request.checkpointId())))
                    .map(
                        point -> {
                          var origin = new SessionOrigin.Forked(from.id(), point.sequence());
                          return command(
                              context, new Branch(from, request, point, origin), idempotency);
                        }))
        .flatMap(command -> messageGateway.<SessionId>send(context, command))
        .flatMap(opened -> sessionService.find(context, opened));
  }

  /** Another session with all of this one. */
  Mono<SessionView> cloneSession(
      RequestContext context,
      SessionId id,
      CloneSessionRequest request,
      @Nullable Idempotency idempotency) {
    return sessionService
        .find(context, id)
        .flatMap(from -> copied(context, from, request, idempotency))
        .flatMap(opened -> sessionService.find(context, opened));
  }

  private Mono<SessionId> copied(
      RequestContext context,
      SessionView from,
      CloneSessionRequest request,
      @Nullable Idempotency idempotency) {
    var as = new ForkSessionRequest(null, request.title(), request.executor());
    return messageGateway
        .onEventLoop(Mono.fromCompletionStage(() -> history.point(from.id(), null)))
        .map(
            point -> {
              var origin = new SessionOrigin.Cloned(from.id(), point.sequence());
              return command(context, new Branch(from, as, point, origin), idempotency);
            })
        .flatMap(command -> messageGateway.<SessionId>send(context, command))
        .flatMap(
            opened ->
                from.tags().isEmpty()
                    ? Mono.just(opened)
                    : messageGateway
                        .send(context, new TagSession(opened, Set.copyOf(from.tags())))
                        .thenReturn(opened));
  }

  /** What begins where. */
  private record Branch(
      SessionView from, ForkSessionRequest wish, FileHistory.Point point, SessionOrigin origin) {}

  private static OpenSession command(
      RequestContext context, Branch branch, @Nullable Idempotency idempotency) {
    var from = branch.from();
    var request = branch.wish();
    var executor = request.executor();
    var point = branch.point();
    var sessionSpec =
        new SessionSpec(
            request.title() == null ? from.title() : request.title(),
            from.metadata(),
            toOverrides(executor == null ? from.options() : executor.applyTo(from.options())),
            AgentOverrides.NONE,
            from.budget(),
            SessionTools.NONE,
            null);
    return new OpenSession(
        SessionId.next(),
        context.caller().user(),
        ThreadId.next(),
        branch.origin(),
        sessionSpec,
        WorkspaceSpec.from(new Workspace.Copied(point.files(), point.bytes())),
        idempotency);
  }

  /** All of them said: a branch runs as its session does, whatever the defaults are by now. */
  private static RunOverrides toOverrides(RunOptions options) {
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
