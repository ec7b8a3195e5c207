package io.agentledger.gateway.session.branch;

import io.agentledger.api.identity.security.MessageAuthorizer;
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
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.TagSession;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.workspace.FileHistory;
import io.agentledger.gateway.session.SessionService;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Forks and clones of sessions, shared by REST and RSocket. */
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

  /** New session, and the query that was sent to it; null: none. */
  record Fork(SessionView session, @Nullable QueryView query) {}

  /** Forks a session, and sends the query of the request; permitted to callers who may see it. */
  Mono<Fork> fork(
      RequestContext context,
      SessionId id,
      ForkSessionRequest request,
      @Nullable Idempotency idempotency) {
    requireMayOpen(context);
    var query = request.query();
    Mono<List<Input>> inputs =
        query == null ? Mono.just(List.of()) : sessionService.toInput(context, query).map(List::of);
    return inputs
        .flatMap(first -> open(context, id, request, first, idempotency))
        .flatMap(
            opened ->
                sessionService
                    .find(context, opened.sessionId())
                    .map(
                        session ->
                            new Fork(session, query == null ? null : QueryView.from(opened))));
  }

  /** Rejects callers who cannot open a session before a checkpoint is taken for them. */
  private static void requireMayOpen(RequestContext context) {
    MessageAuthorizer.checkScopes(OpenSession.class, context.metadata());
  }

  private Mono<SubmitResult> open(
      RequestContext context,
      SessionId id,
      ForkSessionRequest request,
      List<Input> inputs,
      @Nullable Idempotency idempotency) {
    return sessionService
        .find(context, id)
        .flatMap(
            source ->
                messageGateway
                    .onEventLoop(
                        Mono.fromCompletionStage(
                            () -> history.findBranchPoint(id, request.checkpointId())))
                    .map(
                        branchPoint -> {
                          var origin =
                              new SessionOrigin.Forked(source.id(), branchPoint.sequence());
                          return toOpenCommand(
                              context,
                              new Branch(source, request, branchPoint, origin, inputs),
                              idempotency);
                        }))
        .flatMap(command -> messageGateway.<SubmitResult>send(context, command));
  }

  /** Clones a session with all of its content. */
  Mono<SessionView> cloneSession(
      RequestContext context,
      SessionId id,
      CloneSessionRequest request,
      @Nullable Idempotency idempotency) {
    requireMayOpen(context);
    return sessionService
        .find(context, id)
        .flatMap(source -> openClone(context, source, request, idempotency))
        .flatMap(session -> sessionService.find(context, session));
  }

  private Mono<SessionId> openClone(
      RequestContext context,
      SessionView source,
      CloneSessionRequest request,
      @Nullable Idempotency idempotency) {
    var forkRequest = ForkSessionRequest.branch(request.title(), request.executor());
    return messageGateway
        .onEventLoop(Mono.fromCompletionStage(() -> history.findBranchPoint(source.id(), null)))
        .map(
            branchPoint -> {
              var origin = new SessionOrigin.Cloned(source.id(), branchPoint.sequence());
              return toOpenCommand(
                  context,
                  new Branch(source, forkRequest, branchPoint, origin, List.of()),
                  idempotency);
            })
        .flatMap(command -> messageGateway.<SubmitResult>send(context, command))
        .map(SubmitResult::sessionId)
        .flatMap(
            session ->
                source.tags().isEmpty()
                    ? Mono.just(session)
                    : messageGateway
                        .send(context, new TagSession(session, OrderedCopy.of(source.tags())))
                        .thenReturn(session));
  }

  /** Fork or clone to open, with its source and its first inputs. */
  private record Branch(
      SessionView source,
      ForkSessionRequest request,
      FileHistory.BranchPoint point,
      SessionOrigin origin,
      List<Input> inputs) {}

  private static OpenSession toOpenCommand(
      RequestContext context, Branch branch, @Nullable Idempotency idempotency) {
    var source = branch.source();
    var request = branch.request();
    var executor = request.executor();
    var branchPoint = branch.point();
    var sessionSpec =
        new SessionSpec(
            request.title() == null ? source.title() : request.title(),
            source.metadata(),
            toOverrides(executor == null ? source.options() : executor.applyTo(source.options())),
            AgentOverrides.NONE,
            source.budget(),
            SessionTools.NONE,
            null);
    return new OpenSession(
        SessionId.next(),
        context.caller().user(),
        ThreadId.next(),
        branch.origin(),
        sessionSpec,
        WorkspaceSpec.from(new Workspace.Copied(branchPoint.files(), branchPoint.bytes())),
        branch.inputs(),
        idempotency);
  }

  /**
   * Sets every option explicitly, so that a branch runs as its session does, even if the defaults
   * have changed.
   */
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
        options.outputSchema(),
        options.checkpointing());
  }
}
