package io.agentledger.gateway.session;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SandboxLevel;
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
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.session.query.SessionQuery.FindCachedSession;
import io.agentledger.api.session.query.SessionQuery.FindPastSession;
import io.agentledger.api.session.query.SessionQuery.FindSession;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.McpRejection.McpDefinitionForbidden;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.gateway.session.input.InputBatch;
import io.agentledger.gateway.session.prompt.CreateQueryRequest;
import io.agentledger.gateway.session.prompt.QueryInNewSessionRequest;
import io.agentledger.gateway.session.workspace.DirectoryService;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.messaging.AgentBudgetReader;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ReferenceValidator;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on sessions, shared by REST, WebSocket and RSocket: maps requests to commands. */
@Component
public class SessionService {
  private final MessageGateway messageGateway;
  private final SessionTemplateService templates;
  private final SessionAgentService agents;
  private final AgentBudgetReader agentBudgetReader;
  private final WorkspaceStager workspaces;
  private final DirectoryService directories;
  private final ReferenceValidator referenceValidator;
  private final NodeInfo node;
  private final RepeatedOpening repeatedOpening;
  private final SessionIdSelector ids;

  SessionService(
      MessageGateway messageGateway,
      SessionTemplateService templates,
      SessionAgentService agents,
      AgentBudgetReader agentBudgetReader,
      WorkspaceStager workspaces,
      DirectoryService directories,
      ReferenceValidator referenceValidator,
      NodeInfo node,
      RepeatedOpening repeatedOpening,
      SessionIdSelector ids) {
    this.ids = ids;
    this.repeatedOpening = repeatedOpening;
    this.referenceValidator = referenceValidator;
    this.directories = directories;
    this.messageGateway = messageGateway;
    this.templates = templates;
    this.agents = agents;
    this.agentBudgetReader = agentBudgetReader;
    this.workspaces = workspaces;
    this.node = node;
  }

  public Mono<SessionView> find(RequestContext context, SessionId session) {
    return messageGateway
        .queryMemory(context, new FindCachedSession(context.tenant(), session), SessionView.class)
        .switchIfEmpty(
            messageGateway.query(
                context, new FindSession(context.tenant(), session), SessionView.class));
  }

  /** Returns the session as it was at the position; null: as it is. */
  public Mono<SessionView> find(
      RequestContext context, SessionId session, @Nullable SessionPosition position) {
    if (position == null) return find(context, session);
    return messageGateway.query(
        context, new FindPastSession(context.tenant(), session, position), SessionView.class);
  }

  public Mono<Void> delete(RequestContext context, SessionId session) {
    return messageGateway.send(context, new DeleteSession(session)).then();
  }

  /**
   * Session to open, with its first inputs. If they are refused, no session is opened.
   *
   * @param fields valid fields of the request
   */
  private record Opening(
      SessionId newSession,
      SessionSpecFields fields,
      List<Input> inputs,
      @Nullable Idempotency idempotency) {}

  /** Opens a session with the template and the agent that it names, and the template's prompt. */
  public Mono<SessionId> open(
      RequestContext context, CreateSessionRequest request, @Nullable Idempotency idempotency) {
    return repeatedOpening
        .orFirst(
            context,
            idempotency,
            resolve(context, ids.of(context), request, idempotency)
                .flatMap(opening -> open(context, opening)))
        .map(SubmitResult::sessionId);
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
    return repeatedOpening
        .orFirst(
            context,
            idempotency,
            resolve(context, fields -> newSession, request, idempotency)
                .flatMap(opening -> open(context, opening, staging)))
        .map(SubmitResult::sessionId);
  }

  private Mono<Opening> resolve(
      RequestContext context,
      Function<SessionSpecFields, SessionId> newSession,
      CreateSessionRequest request,
      @Nullable Idempotency idempotency) {
    return templates
        .resolve(context, request)
        .flatMap(session -> agents.resolve(context, session))
        .flatMap(session -> toOpening(context, newSession, session, idempotency));
  }

  private Mono<Opening> toOpening(
      RequestContext context,
      Function<SessionSpecFields, SessionId> newSession,
      ResolvedSession session,
      @Nullable Idempotency idempotency) {
    return check(
        context,
        session.request(),
        session,
        () -> new Opening(newSession.apply(session), session, session.inputs(), idempotency));
  }

  /**
   * Opens the session of an execution or a chat. Idempotent by its id.
   *
   * @param change gives the session its origin and first query
   */
  Mono<SessionId> openChanged(
      RequestContext context,
      SessionId newSession,
      CreateSessionRequest request,
      UnaryOperator<ResolvedSession> change) {
    var idempotency = new Idempotency(newSession.value(), newSession.value());
    return templates
        .resolve(context, request)
        .flatMap(session -> agents.resolve(context, session))
        .map(change)
        .flatMap(session -> toOpening(context, fields -> newSession, session, idempotency))
        .flatMap(opening -> open(context, opening))
        .map(SubmitResult::sessionId);
  }

  /** Returns the mapped request if it and its fields are valid. */
  <T> Mono<T> check(
      RequestContext context, Object body, SessionSpecFields fields, Supplier<T> mapping) {
    if (!fields.optionsOrDefault().definedServers().isEmpty()
        && !context.caller().has(Scope.MCP_WRITE))
      return Mono.error(
          new RejectionException(new McpDefinitionForbidden(context.caller().role())));
    var places = fields.placedOptions();
    var references = fields.references().movedBy(places::toPointer);
    return referenceValidator.check(
        context,
        body,
        references,
        () -> {
          var violations = new ArrayList<>(places.conflicts());
          for (var violation : fields.findViolations())
            violations.add(violation.movedBy(places::toPointer));
          if (!violations.isEmpty()) throw new InvalidRequestException(violations);
          return mapping.get();
        });
  }

  /** Opens a session, or returns what the same idempotency key opened before. */
  private Mono<SubmitResult> open(RequestContext context, Opening opening) {
    var workspace = opening.fields().workspaceOrEmpty();
    return workspace.type() == WorkspaceRequest.Type.IN_PLACE
        ? openInPlace(context, opening)
        : open(context, opening, workspaces.stage(context, opening.newSession(), workspace));
  }

  /** Opens a session in a bound directory, which is neither staged nor discarded. */
  private Mono<SubmitResult> openInPlace(RequestContext context, Opening opening) {
    if (!context.caller().localOwner())
      throw new RejectionException(new SessionRejection.HostDirectoryForbidden());
    var folder = opening.fields().workspaceOrEmpty().requirePath();
    return resolveDirectories(context, opening.fields())
        .flatMap(
            additionalDirectories ->
                directories
                    .bind(folder)
                    .map(
                        boundFolder ->
                            new WorkspaceSpec(
                                new Workspace.InPlace(), additionalDirectories, boundFolder)))
        .flatMap(workspaceSpec -> send(context, opening, workspaceSpec));
  }

  private Mono<List<SessionDirectory>> resolveDirectories(
      RequestContext context, SessionSpecFields fields) {
    return directories.resolve(
        context,
        fields.optionsOrDefault().directoriesOrEmpty(),
        fields.placedOptions().toPointer("/options/additional_directories"));
  }

  /** Opens a session whose workspace is staged by the given operation. */
  private Mono<SubmitResult> open(
      RequestContext context, Opening opening, Mono<Workspace> staging) {
    var workspaceSpec =
        resolveDirectories(context, opening.fields())
            .flatMap(
                additionalDirectories ->
                    messageGateway
                        .onEventLoop(staging)
                        .map(
                            workspace ->
                                new WorkspaceSpec(workspace, additionalDirectories, null)));
    return workspaces.open(
        opening.newSession(), workspaceSpec, spec -> send(context, opening, spec));
  }

  private Mono<SubmitResult> send(
      RequestContext context, Opening opening, WorkspaceSpec workspaceSpec) {
    if (!opening.inputs().isEmpty()) requireSandbox(context);
    return agentBudgetReader
        .limit(context, opening.fields().toSpec())
        .flatMap(
            spec ->
                messageGateway.send(
                    context,
                    new OpenSession(
                        opening.newSession(),
                        context.caller().user(),
                        ThreadId.next(),
                        opening.fields().origin(),
                        spec,
                        workspaceSpec,
                        opening.inputs(),
                        opening.idempotency())));
  }

  /** Submits a query to the session that the request names, or opens a new one with it. */
  public Mono<QueryView> openAndQuery(
      RequestContext context, QueryInNewSessionRequest request, @Nullable Idempotency idempotency) {
    return openAndQuery(context, ids.of(context), request, idempotency);
  }

  /**
   * Submits a query like {@link #openAndQuery(RequestContext, QueryInNewSessionRequest,
   * Idempotency)}.
   *
   * @param newSession gives the id of the new session; a repeated request returns another one
   */
  public Mono<QueryView> openAndQuery(
      RequestContext context,
      Function<SessionSpecFields, SessionId> newSession,
      QueryInNewSessionRequest request,
      @Nullable Idempotency idempotency) {
    requireSandbox(context);
    var session = request.sessionId();
    if (session != null)
      return referenceValidator
          .check(
              context,
              request,
              request.toQuery().references().in(session),
              () -> {
                var violations = request.newSessionFields();
                if (!violations.isEmpty()) throw new InvalidRequestException(violations);
                return request.toQuery().toInput();
              })
          .flatMap(input -> submit(context, session, List.of(input), idempotency))
          .map(QueryView::from);
    var opening =
        agents
            .resolve(context, request)
            .flatMap(
                fields ->
                    check(
                        context,
                        request,
                        fields,
                        () -> {
                          var inputs = List.<Input>of(request.toInput());
                          return new Opening(newSession.apply(fields), fields, inputs, idempotency);
                        }))
            .flatMap(checked -> open(context, checked));
    return repeatedOpening.orFirst(context, idempotency, opening).map(QueryView::from);
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
    MessageAuthorizer.checkScopes(SubmitInputs.class, context.metadata());
    requireSandbox(context);
    return referenceValidator
        .check(context, request, request.references().in(session), request::toInput)
        .flatMap(
            input -> {
              var inputs = new ArrayList<>(before);
              inputs.add(input);
              return submit(context, session, inputs, idempotency);
            });
  }

  /** Returns the input of a query for a session that is not open yet. */
  public Mono<Input> toInput(RequestContext context, CreateQueryRequest request) {
    requireSandbox(context);
    return referenceValidator.check(context, request, request.references(), request::toInput);
  }

  public Mono<SubmitResult> submitInputs(
      RequestContext context,
      SessionId session,
      InputBatch inputBatch,
      @Nullable Idempotency idempotency) {
    return referenceValidator
        .check(
            context, inputBatch.body(), inputBatch.references().in(session), inputBatch::toInputs)
        .flatMap(inputs -> directories.toInputs(context, inputBatch, inputs))
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
}
