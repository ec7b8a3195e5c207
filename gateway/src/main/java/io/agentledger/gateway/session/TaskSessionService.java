package io.agentledger.gateway.session;

import io.agentledger.api.channel.ChatSessionOpener;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection;
import io.agentledger.api.shared.TaskRejection.BudgetExhausted;
import io.agentledger.api.shared.TaskRejection.SessionRequestInvalid;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.TaskQuery.FindExecutionSpending;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.gateway.session.workspace.WorkspaceRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.RequestValidator;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.RenderedTemplate;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.axonframework.messaging.HandlerExecutionException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Opens the sessions of executions and chats like those of a client's request. */
@Component
final class TaskSessionService implements TaskSessionOpener, ChatSessionOpener {
  private final SessionService sessionService;
  private final MessageGateway messageGateway;
  private final SessionTemplateService templates;
  private final SessionAgentService agents;
  private final WireJson json;
  private final RequestValidator validator;

  TaskSessionService(
      SessionService sessionService,
      SessionTemplateService templates,
      SessionAgentService agents,
      MessageGateway messageGateway,
      WireJson json,
      RequestValidator validator) {
    this.messageGateway = messageGateway;
    this.sessionService = sessionService;
    this.templates = templates;
    this.agents = agents;
    this.json = json;
    this.validator = validator;
  }

  @Override
  public CompletionStage<Void> open(
      Caller caller,
      String requestId,
      SessionId newSession,
      SessionOrigin.Task origin,
      ExecutionRequest request,
      ExecutionLimits limits) {
    var context = new RequestContext(caller, requestId, RequestSource.NONE);
    return Mono.defer(
            () -> {
              var rendered =
                  RenderedTemplate.ofTask(
                      request.variables(),
                      request.session(),
                      request.prompt(),
                      request.values(),
                      json);
              var body = validator.check(json.read(rendered.session(), CreateSessionRequest.class));
              return findRemaining(context, origin, limits.budget())
                  .flatMap(
                      remaining ->
                          sessionService.openChanged(
                              context,
                              newSession,
                              body,
                              resolved ->
                                  resolved.forTask(
                                      new ExecutionSession(
                                          origin,
                                          rendered.prompt(),
                                          remaining,
                                          limits.readOnly()))));
            })
        .then()
        .transform(TaskSessionService::withReasons)
        .toFuture();
  }

  @Override
  public CompletionStage<Void> open(
      Caller caller,
      String requestId,
      SessionId newSession,
      SessionOrigin.Chat origin,
      Json session,
      String title) {
    var context = new RequestContext(caller, requestId, RequestSource.NONE);
    return Mono.defer(
            () ->
                sessionService.openChanged(
                    context,
                    newSession,
                    validator.check(json.read(session.text(), CreateSessionRequest.class)),
                    resolved -> resolved.forChat(origin, title)))
        .then()
        .transform(TaskSessionService::withReasons)
        .toFuture();
  }

  @Override
  public CompletionStage<Void> check(Caller caller, String requestId, Json session) {
    var context = new RequestContext(caller, requestId, RequestSource.NONE);
    return Mono.defer(
            () ->
                templates.resolve(
                    context,
                    validator.check(json.read(session.text(), CreateSessionRequest.class))))
        .flatMap(resolved -> agents.resolve(context, resolved))
        .doOnNext(resolved -> requireMayBind(caller, resolved))
        .flatMap(
            resolved -> sessionService.check(context, resolved.request(), resolved, () -> resolved))
        .then()
        .transform(TaskSessionService::withReasons)
        .toFuture();
  }

  private static void requireMayBind(Caller caller, ResolvedSession session) {
    if (session.workspaceOrEmpty().type() == WorkspaceRequest.Type.IN_PLACE && !caller.localOwner())
      throw new RejectionException(new SessionRejection.HostDirectoryForbidden());
  }

  @Override
  public CompletionStage<CheckedSession> check(
      Caller caller, String requestId, ExecutionRequest request, boolean readOnly) {
    var context = new RequestContext(caller, requestId, RequestSource.NONE);
    return Mono.defer(
            () -> {
              var rendered =
                  RenderedTemplate.ofTask(
                      request.variables(),
                      request.session(),
                      request.prompt(),
                      request.values(),
                      json);
              var body = validator.check(json.read(rendered.session(), CreateSessionRequest.class));
              return templates
                  .resolve(context, body)
                  .flatMap(session -> agents.resolve(context, session))
                  .map(session -> check(session, readOnly));
            })
        .transform(TaskSessionService::withReasons)
        .toFuture();
  }

  private static CheckedSession check(ResolvedSession session, boolean readOnly) {
    if (readOnly) ReadOnlyAgents.require(session.optionsOrDefault());
    var violations = session.findViolations();
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    var workspace = session.workspaceOrEmpty();
    return new CheckedSession(
        workspace.type() == WorkspaceRequest.Type.GIT ? workspace.url() : null);
  }

  private static <T> Mono<T> withReasons(Mono<T> operation) {
    return operation
        .onErrorMap(InvalidRequestException.class, TaskSessionService::toRejection)
        .onErrorMap(TaskSessionService::explain);
  }

  /** Returns what earlier attempts of an execution, and their children, have left of its budget. */
  private Mono<Budget> findRemaining(
      RequestContext context, SessionOrigin.Task origin, Budget budget) {
    if (!(budget instanceof Budget.Limited(Money limit))) return Mono.just(budget);
    var query = new FindExecutionSpending(context.tenant(), new ExecutionId(origin.executionId()));
    return messageGateway
        .queryAsSystem(query, Money.class)
        .map(
            spent -> {
              if (spent.compareTo(limit) >= 0)
                throw new RejectionException(new BudgetExhausted(limit));
              return new Budget.Limited(limit.minus(spent));
            });
  }

  /** Names a template or an agent that the user of the execution may not use any more. */
  private static Throwable explain(Throwable failure) {
    return failure instanceof HandlerExecutionException exception
            && exception.getDetails().orElse(null) instanceof NotFound(String type, String id)
            && Set.of("template", "agent").contains(type)
        ? rejection(
            "its %s %s is not shared any more with the user of the execution".formatted(type, id))
        : failure;
  }

  private static RejectionException toRejection(InvalidRequestException exception) {
    return rejection(
        exception.errors().stream()
            .limit(5)
            .map(violation -> violation.pointer() + " " + violation.detail())
            .collect(Collectors.joining("; ")));
  }

  private static RejectionException rejection(String detail) {
    return new RejectionException(new SessionRequestInvalid(detail));
  }
}
