package io.agentledger.gateway.session;

import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.Workspace;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.OpenSession;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.query.QueryView;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.workspace.WorkspaceProvisioner;
import io.agentledger.gateway.session.input.InputBatch;
import io.agentledger.gateway.session.input.SessionInputRequest;
import io.agentledger.gateway.session.query.CreateQueryRequest;
import io.agentledger.gateway.session.query.QueryInNewSessionRequest;
import io.agentledger.gateway.session.workspace.DirectoryService;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What REST, WebSocket and RSocket do with sessions in common: wishes become commands. */
@Component
public class SessionService {
  private final MessageGateway bus;
  private final SessionTemplateService templates;
  private final WorkspaceProvisioner workspaces;
  private final DirectoryService directories;
  private final NodeInfo node;

  SessionService(
      MessageGateway bus,
      SessionTemplateService templates,
      WorkspaceProvisioner workspaces,
      DirectoryService directories,
      NodeInfo node) {
    this.directories = directories;
    this.bus = bus;
    this.templates = templates;
    this.workspaces = workspaces;
    this.node = node;
  }

  public Mono<SessionView> find(RequestContext visit, SessionId session) {
    return bus.ask(visit, new FindSession(visit.tenant(), session), SessionView.class);
  }

  /** Opens a session, from its template if it names one, and asks in it what that says. */
  Mono<SessionId> open(
      RequestContext visit, CreateSessionRequest wish, @Nullable Idempotency idempotency) {
    return templates
        .filled(visit, wish)
        .flatMap(
            filled -> {
              if (filled.prompt() != null) refuseWithoutSandbox(visit);
              return open(visit, (SessionSpecFields) filled, idempotency)
                  .flatMap(session -> begun(visit, session, filled.prompt(), idempotency));
            });
  }

  /** The same, with what was sent along in its workspace, whatever the template says of that. */
  public Mono<SessionId> openFilled(
      RequestContext visit,
      SessionId fresh,
      CreateSessionRequest wish,
      Mono<Workspace> staging,
      @Nullable Idempotency idempotency) {
    return templates
        .filled(visit, wish)
        .flatMap(
            filled -> {
              if (filled.prompt() != null) refuseWithoutSandbox(visit);
              return open(visit, fresh, filled, staging, idempotency)
                  .flatMap(session -> begun(visit, session, filled.prompt(), idempotency));
            });
  }

  private Mono<SessionId> begun(
      RequestContext visit,
      SessionId session,
      @Nullable String prompt,
      @Nullable Idempotency idempotency) {
    if (prompt == null) return Mono.just(session);
    List<Input> inputs =
        List.of(SessionInputRequest.prompt(prompt, null, null)); // The options are the session's.
    return submit(visit, session, inputs, IdempotencyKeys.second(idempotency)).thenReturn(session);
  }

  /** Opens a session, or finds the one that the same key opened before. */
  Mono<SessionId> open(
      RequestContext visit, SessionSpecFields wish, @Nullable Idempotency idempotency) {
    var fresh = SessionId.next();
    return wish.workspaceOrEmpty().kind() == WorkspaceRequest.Kind.BOUND
        ? openInPlace(visit, fresh, wish, idempotency)
        : open(visit, fresh, wish, stage(visit, fresh, wish.workspaceOrEmpty()), idempotency);
  }

  /** Nothing is staged, and so nothing is discarded: the folder stays where and whose it is. */
  private Mono<SessionId> openInPlace(
      RequestContext visit,
      SessionId fresh,
      SessionSpecFields wish,
      @Nullable Idempotency idempotency) {
    if (!visit.caller().localOwner())
      throw new AccessDeniedException("folders of the machine are its owner's");
    var folder = wish.workspaceOrEmpty().folder();
    return beside(visit, wish)
        .flatMap(
            beside ->
                directories
                    .bind(folder)
                    .map(bound -> new WorkspaceSpec(new Workspace.Bound(), beside, bound)))
        .map(opening(visit, fresh, wish, idempotency))
        .flatMap(command -> bus.send(visit, command));
  }

  private Mono<List<SessionDirectory>> beside(RequestContext visit, SessionSpecFields wish) {
    var wished = wish.optionsOrNone().directoriesOrNone();
    return directories.choose(visit, wished, "/options/additional_directories");
  }

  /** The same, where it is said how the workspace is filled. */
  Mono<SessionId> open(
      RequestContext visit,
      SessionId fresh,
      SessionSpecFields wish,
      Mono<Workspace> staging,
      @Nullable Idempotency idempotency) {
    return beside(visit, wish)
        .flatMap(
            beside ->
                bus.back(staging)
                    .map(workspace -> new WorkspaceSpec(workspace, beside, null))
                    .map(opening(visit, fresh, wish, idempotency)))
        .flatMap(command -> bus.<SessionId>send(visit, command))
        .onErrorResume(
            failure ->
                discard(fresh)
                    .onErrorComplete() // The first failure is the one to tell.
                    .then(Mono.error(failure)))
        .flatMap(
            opened -> opened.equals(fresh) ? Mono.just(opened) : discard(fresh).thenReturn(opened));
  }

  /** Opens a session and asks in it; both under the same key, each once. */
  public Mono<QueryView> openAndAsk(
      RequestContext visit, QueryInNewSessionRequest wish, @Nullable Idempotency idempotency) {
    refuseWithoutSandbox(visit); // Before there is a session.
    var prompt =
        SessionInputRequest.prompt(
            wish.prompt(), wish.attachments(), null); // The options are the session's.
    return open(visit, wish, idempotency)
        .flatMap(
            session -> submit(visit, session, List.of(prompt), IdempotencyKeys.second(idempotency)))
        .map(QueryView::of);
  }

  public Mono<QueryView> ask(
      RequestContext visit,
      SessionId session,
      CreateQueryRequest wish,
      @Nullable Idempotency idempotency) {
    return submit(
            visit,
            session,
            List.of(SessionInputRequest.prompt(wish.prompt(), wish.attachments(), wish.options())),
            idempotency)
        .map(QueryView::of);
  }

  public Mono<SubmitResult> say(
      RequestContext visit, SessionId session, InputBatch said, @Nullable Idempotency idempotency) {
    return directories
        .inputs(visit, said)
        .flatMap(inputs -> submit(visit, session, inputs, idempotency));
  }

  public Mono<SubmitResult> submit(
      RequestContext visit,
      SessionId session,
      List<Input> inputs,
      @Nullable Idempotency idempotency) {
    if (inputs.stream().anyMatch(SessionService::needsProcess)) refuseWithoutSandbox(visit);
    return bus.send(visit, new SubmitInputs(session, inputs, idempotency));
  }

  private static boolean needsProcess(Input input) {
    return input instanceof Input.Prompt || input instanceof Input.SubmitSideRequest;
  }

  private void refuseWithoutSandbox(RequestContext visit) {
    if (node.sandbox() == SandboxLevel.NONE && !visit.caller().localOwner())
      throw new RejectionException(new SessionRejection.SandboxNeeded());
  }

  private static Function<WorkspaceSpec, OpenSession> opening(
      RequestContext visit,
      SessionId fresh,
      SessionSpecFields wish,
      @Nullable Idempotency idempotency) {
    return place ->
        new OpenSession(
            fresh,
            visit.caller().user(),
            ThreadId.next(),
            wish.origin(),
            wish.wishes(),
            place,
            idempotency);
  }

  private Mono<Workspace> stage(RequestContext visit, SessionId session, WorkspaceRequest wish) {
    return switch (wish.kind()) {
      case UPLOAD ->
          throw InvalidRequestException.body(
              "/workspace/kind", "must be sent as multipart/form-data, with files");
      case BOUND -> throw new IllegalStateException("nothing is staged for it");
      case EMPTY -> {
        wish.refuseWhatIsOthers();
        yield Mono.fromCompletionStage(() -> workspaces.empty(session))
            .thenReturn(new Workspace.Empty());
      }
      case GIT -> {
        var source = wish.repository();
        yield quota(visit)
            .flatMap(
                mib ->
                    Mono.fromCompletionStage(
                        () -> workspaces.checkOut(session, visit.tenant(), source, mib)))
            .map(found -> new Workspace.Git(found.commit(), found.files(), found.bytes()));
      }
      case COPY -> {
        if (!visit.caller().localOwner())
          throw new AccessDeniedException("folders of the machine are its owner's");
        var folder = wish.folder();
        yield quota(visit)
            .flatMap(mib -> Mono.fromCompletionStage(() -> workspaces.copy(session, folder, mib)))
            .map(staged -> new Workspace.Copied(staged.files(), staged.bytes()));
      }
    };
  }

  private Mono<Long> quota(RequestContext visit) {
    return bus.ask(visit, new FindMyQuota(visit.tenant()), UserQuotaView.class)
        .map(quota -> quota.limits().workspaceMib());
  }

  private Mono<Void> discard(SessionId session) {
    return bus.back(Mono.fromCompletionStage(() -> workspaces.discard(session)));
  }
}
