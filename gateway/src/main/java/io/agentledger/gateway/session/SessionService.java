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
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
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
import io.agentledger.gateway.session.options.RunOptionsRequest;
import io.agentledger.gateway.session.prompt.CreateQueryRequest;
import io.agentledger.gateway.session.prompt.QueryInNewSessionRequest;
import io.agentledger.gateway.session.workspace.DirectoryService;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ToolNameValidator;
import io.agentledger.gateway.support.web.IdempotencyKeys;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on sessions, shared by REST, WebSocket and RSocket: maps requests to commands. */
@Component
public class SessionService {
  private final MessageGateway messageGateway;
  private final SessionTemplateService templates;
  private final WorkspaceProvisioner workspaces;
  private final DirectoryService directories;
  private final ToolNameValidator toolNameValidator;
  private final NodeInfo node;

  SessionService(
      MessageGateway messageGateway,
      SessionTemplateService templates,
      WorkspaceProvisioner workspaces,
      DirectoryService directories,
      ToolNameValidator toolNameValidator,
      NodeInfo node) {
    this.toolNameValidator = toolNameValidator;
    this.directories = directories;
    this.messageGateway = messageGateway;
    this.templates = templates;
    this.workspaces = workspaces;
    this.node = node;
  }

  public Mono<SessionView> find(RequestContext context, SessionId session) {
    return messageGateway.query(
        context, new FindSession(context.tenant(), session), SessionView.class);
  }

  Mono<Void> delete(RequestContext context, SessionId session) {
    return messageGateway.send(context, new DeleteSession(session)).then();
  }

  /** Opens a session, from its template if it names one, and submits the template's prompt. */
  Mono<SessionId> open(
      RequestContext context, CreateSessionRequest request, @Nullable Idempotency idempotency) {
    return templates
        .resolve(context, request)
        .flatMap(
            resolvedSession -> {
              if (resolvedSession.prompt() != null) requireSandbox(context);
              return open(context, (SessionSpecFields) resolvedSession, idempotency)
                  .flatMap(
                      session ->
                          submitTemplatePrompt(
                              context, session, resolvedSession.prompt(), idempotency));
            });
  }

  /**
   * Opens a session with the uploaded files in its workspace, which replace the template's
   * workspace.
   */
  public Mono<SessionId> openWithUpload(
      RequestContext context,
      SessionId newSession,
      CreateSessionRequest request,
      Mono<Workspace> staging,
      @Nullable Idempotency idempotency) {
    return templates
        .resolve(context, request)
        .flatMap(
            resolvedSession -> {
              if (resolvedSession.prompt() != null) requireSandbox(context);
              return open(context, newSession, resolvedSession, staging, idempotency)
                  .flatMap(
                      session ->
                          submitTemplatePrompt(
                              context, session, resolvedSession.prompt(), idempotency));
            });
  }

  private Mono<SessionId> submitTemplatePrompt(
      RequestContext context,
      SessionId session,
      @Nullable String prompt,
      @Nullable Idempotency idempotency) {
    if (prompt == null) return Mono.just(session);
    List<Input> inputs =
        List.of(
            // The prompt has the options of the session.
            SessionInputRequest.prompt(prompt, null, null, null));
    return submit(context, session, inputs, IdempotencyKeys.derived(idempotency))
        .thenReturn(session);
  }

  /** Opens a session, or returns the one that the same idempotency key opened before. */
  Mono<SessionId> open(
      RequestContext context, SessionSpecFields fields, @Nullable Idempotency idempotency) {
    var newSession = SessionId.next();
    return fields.workspaceOrEmpty().type() == WorkspaceRequest.Type.IN_PLACE
        ? openInPlace(context, newSession, fields, idempotency)
        : open(
            context,
            newSession,
            fields,
            stageWorkspace(context, newSession, fields.workspaceOrEmpty()),
            idempotency);
  }

  /** Opens a session in a bound directory, which is neither staged nor discarded. */
  private Mono<SessionId> openInPlace(
      RequestContext context,
      SessionId newSession,
      SessionSpecFields fields,
      @Nullable Idempotency idempotency) {
    if (!context.caller().localOwner())
      throw new AccessDeniedException("directories of this machine are for the local owner only");
    var folder = fields.workspaceOrEmpty().requirePath();
    return resolveDirectories(context, fields)
        .flatMap(
            additionalDirectories ->
                directories
                    .bind(folder)
                    .map(
                        boundFolder ->
                            new WorkspaceSpec(
                                new Workspace.InPlace(), additionalDirectories, boundFolder)))
        .map(toOpenCommand(context, newSession, fields, idempotency))
        .flatMap(command -> messageGateway.send(context, command));
  }

  /** Returns the directories of a new session, after its tools were checked. */
  private Mono<List<SessionDirectory>> resolveDirectories(
      RequestContext context, SessionSpecFields fields) {
    var options = fields.optionsOrDefault();
    return toolNameValidator
        .check(context, options.toolReferences())
        .then(
            directories.resolve(
                context, options.directoriesOrEmpty(), "/options/additional_directories"));
  }

  /** Opens a session whose workspace is staged by the given operation. */
  Mono<SessionId> open(
      RequestContext context,
      SessionId newSession,
      SessionSpecFields fields,
      Mono<Workspace> staging,
      @Nullable Idempotency idempotency) {
    return resolveDirectories(context, fields)
        .flatMap(
            additionalDirectories ->
                messageGateway
                    .onEventLoop(staging)
                    .map(workspace -> new WorkspaceSpec(workspace, additionalDirectories, null))
                    .map(toOpenCommand(context, newSession, fields, idempotency)))
        .flatMap(command -> messageGateway.<SessionId>send(context, command))
        .onErrorResume(
            failure ->
                discardWorkspace(newSession)
                    .onErrorComplete() // The first failure is reported.
                    .then(Mono.error(failure)))
        .flatMap(
            session ->
                session.equals(newSession)
                    ? Mono.just(session)
                    : discardWorkspace(newSession).thenReturn(session));
  }

  /**
   * Submits a query to the session that the request names, or to a new one; both with keys derived
   * from the same idempotency key.
   */
  public Mono<QueryView> openAndQuery(
      RequestContext context, QueryInNewSessionRequest request, @Nullable Idempotency idempotency) {
    var session = request.sessionId();
    if (session != null) return submitQuery(context, session, request.toQuery(), idempotency);
    requireSandbox(context); // Checked before a session is opened.
    var prompt =
        SessionInputRequest.prompt(
            request.prompt(),
            request.attachments(),
            request.mentions(),
            null); // The prompt has the options of the session.
    return open(context, request, idempotency)
        .flatMap(
            opened ->
                submit(context, opened, List.of(prompt), IdempotencyKeys.derived(idempotency)))
        .map(QueryView::from);
  }

  public Mono<QueryView> submitQuery(
      RequestContext context,
      SessionId session,
      CreateQueryRequest request,
      @Nullable Idempotency idempotency) {
    return submitQuery(context, session, List.of(), request, idempotency).map(QueryView::from);
  }

  /**
   * Submits a query after other inputs.
   *
   * @param before inputs before the query
   */
  public Mono<SubmitResult> submitQuery(
      RequestContext context,
      SessionId session,
      List<Input> before,
      CreateQueryRequest request,
      @Nullable Idempotency idempotency) {
    var inputs = new ArrayList<>(before);
    inputs.add(request.toInput());
    return check(context, request).then(submit(context, session, inputs, idempotency));
  }

  /** Rejects a query that cannot be executed in any session. */
  public Mono<Void> check(RequestContext context, CreateQueryRequest request) {
    requireSandbox(context);
    return toolNameValidator.check(
        context, RunOptionsRequest.toolReferences(request.options(), "/options"));
  }

  public Mono<SubmitResult> submitInputs(
      RequestContext context,
      SessionId session,
      InputBatch inputBatch,
      @Nullable Idempotency idempotency) {
    return toolNameValidator
        .check(context, inputBatch.toolReferences())
        .then(directories.toInputs(context, inputBatch))
        .flatMap(inputs -> submit(context, session, inputs, idempotency));
  }

  public Mono<SubmitResult> submit(
      RequestContext context,
      SessionId session,
      List<Input> inputs,
      @Nullable Idempotency idempotency) {
    if (inputs.stream().anyMatch(SessionService::needsProcess)) requireSandbox(context);
    return messageGateway.send(context, new SubmitInputs(session, inputs, idempotency));
  }

  private static boolean needsProcess(Input input) {
    return input instanceof Input.Prompt || input instanceof Input.SubmitSideRequest;
  }

  private void requireSandbox(RequestContext context) {
    if (node.sandbox() == SandboxLevel.NONE && !context.caller().localOwner())
      throw new RejectionException(new SessionRejection.SandboxNeeded());
  }

  private static Function<WorkspaceSpec, OpenSession> toOpenCommand(
      RequestContext context,
      SessionId newSession,
      SessionSpecFields fields,
      @Nullable Idempotency idempotency) {
    return workspaceSpec ->
        new OpenSession(
            newSession,
            context.caller().user(),
            ThreadId.next(),
            fields.origin(),
            fields.toSpec(),
            workspaceSpec,
            idempotency);
  }

  private Mono<Workspace> stageWorkspace(
      RequestContext context, SessionId session, WorkspaceRequest request) {
    return switch (request.type()) {
      case UPLOAD ->
          throw InvalidRequestException.body(
              "/workspace/type", "must be sent as multipart/form-data, with files");
      case IN_PLACE -> throw new IllegalStateException("a bound directory is not staged");
      case EMPTY -> {
        request.rejectFieldsOfOtherTypes();
        yield Mono.fromCompletionStage(() -> workspaces.stageEmpty(session))
            .thenReturn(new Workspace.Empty());
      }
      case GIT -> {
        var source = request.toGitSource();
        yield findWorkspaceQuota(context)
            .flatMap(
                quotaMib ->
                    Mono.fromCompletionStage(
                        () ->
                            workspaces.stageRepository(
                                session, context.tenant(), source, quotaMib)))
            .map(
                checkout ->
                    new Workspace.Git(checkout.commit(), checkout.files(), checkout.bytes()));
      }
      case COPY -> {
        if (!context.caller().localOwner())
          throw new AccessDeniedException(
              "directories of this machine are for the local owner only");
        var folder = request.requirePath();
        yield findWorkspaceQuota(context)
            .flatMap(
                quotaMib ->
                    Mono.fromCompletionStage(() -> workspaces.stageCopy(session, folder, quotaMib)))
            .map(stagedCopy -> new Workspace.Copied(stagedCopy.files(), stagedCopy.bytes()));
      }
    };
  }

  private Mono<Long> findWorkspaceQuota(RequestContext context) {
    return messageGateway
        .query(context, new FindMyQuota(context.tenant()), UserQuotaView.class)
        .map(quota -> quota.limits().workspaceMib());
  }

  private Mono<Void> discardWorkspace(SessionId session) {
    return messageGateway.onEventLoop(Mono.fromCompletionStage(() -> workspaces.discard(session)));
  }
}
