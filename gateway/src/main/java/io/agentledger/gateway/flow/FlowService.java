package io.agentledger.gateway.flow;

import io.agentledger.api.flow.FlowCommand.CancelFlow;
import io.agentledger.api.flow.FlowCommand.DecideFlow;
import io.agentledger.api.flow.FlowCommand.Decision;
import io.agentledger.api.flow.FlowCommand.StartFlow;
import io.agentledger.api.flow.FlowDefinition;
import io.agentledger.api.flow.FlowId;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.flow.FlowPlanView;
import io.agentledger.api.flow.FlowQuery.FindFlow;
import io.agentledger.api.flow.FlowQuery.FindFlowPlan;
import io.agentledger.api.flow.FlowQuery.ListFlows;
import io.agentledger.api.flow.FlowStatus;
import io.agentledger.api.flow.FlowStep;
import io.agentledger.api.flow.FlowView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.gateway.flow.StartFlowRequest.Step;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.RenderedTemplate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Operations on flows, shared by REST and RSocket. */
@Component
class FlowService {
  private final MessageGateway messageGateway;
  private final WireJson json;
  private final TaskSessionOpener sessions;

  FlowService(MessageGateway messageGateway, WireJson json, TaskSessionOpener sessions) {
    this.messageGateway = messageGateway;
    this.json = json;
    this.sessions = sessions;
  }

  /** Starts a flow as the caller. */
  Mono<FlowView> start(
      RequestContext context, StartFlowRequest request, @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(StartFlow.class, context.metadata());
    request.requireConsistent();
    return Mono.justOrEmpty(request.plan())
        .flatMap(step -> toStep(context, step, "/plan"))
        .map(Optional::of)
        .defaultIfEmpty(Optional.empty())
        .flatMap(
            plan ->
                toStep(context, request.work(), "/work")
                    .map(work -> toDefinition(request, plan.orElse(null), work)))
        .flatMap(definition -> requireSameRepository(context, definition))
        .flatMap(
            definition ->
                messageGateway.<FlowId>send(
                    context,
                    new StartFlow(
                        FlowId.next(),
                        ExecutionPrincipal.of(context.caller()),
                        new FlowOrigin.Manual(),
                        definition,
                        idempotency)))
        .flatMap(flow -> find(context, flow));
  }

  private FlowDefinition toDefinition(
      StartFlowRequest request, @Nullable FlowStep plan, FlowStep work) {
    if (plan != null && work.request().prompt() == null)
      throw InvalidRequestException.body(
          "/work/task_id",
          "must be a task with a prompt of its own, to which the plan is appended");
    return new FlowDefinition(
        plan,
        work,
        request.isApprovalRequired(),
        request.approvalTimeout(),
        request.toReference(),
        request.toConnection(),
        request.toRepository());
  }

  /** Resolves the template that the task of the work may name. */
  private Mono<FlowDefinition> requireSameRepository(
      RequestContext context, FlowDefinition definition) {
    var repository = definition.repository();
    if (repository == null) return Mono.just(definition);
    return messageGateway
        .onEventLoop(
            Mono.fromCompletionStage(
                () ->
                    sessions.check(
                        context.caller(), context.requestId(), definition.work().request(), false)))
        .map(
            session -> {
              TriggerFlowRequest.requireSameRepository(
                  "/repository/url", repository.url(), session.repositoryUrl());
              return definition;
            });
  }

  /** Returns the step with the present version of its task. */
  private Mono<FlowStep> toStep(RequestContext context, Step step, String pointer) {
    return messageGateway
        .query(context, new FindTask(context.tenant(), step.taskId()), TaskView.class)
        .flatMap(task -> messageGateway.offload(() -> Mono.just(toStep(task, step, pointer))));
  }

  private FlowStep toStep(TaskView task, Step step, String pointer) {
    if (task.archivedAt() != null)
      throw new RejectionException(new Archived("task", task.id().value()));
    var values = step.variablesOrEmpty();
    try {
      RenderedTemplate.ofTask(task.variables(), task.session(), task.prompt(), values, json);
    } catch (InvalidRequestException exception) {
      throw exception.movedBy(at -> pointer + at);
    }
    var timeout = task.timeout();
    var priority = step.priority();
    return new FlowStep(
        new TaskRef(task.id(), task.version(), task.name()),
        new ExecutionOptions(
            priority == null ? task.priority() : priority,
            timeout == null ? Duration.ZERO : timeout,
            task.retry().maxAttempts(),
            task.retry().delay()),
        new ExecutionRequest(task.variables(), task.session(), task.prompt(), values));
  }

  /**
   * Filter of a list of flows.
   *
   * @param statuses null for all
   * @param taskId task of any step; null for all
   * @param triggerId null for all
   * @param owner null for all
   */
  record FlowFilter(
      @Nullable Set<@Nullable FlowStatus> statuses,
      @Nullable TaskId taskId,
      @Nullable TriggerId triggerId,
      @Nullable UserId owner) {}

  /** Lists flows. */
  Mono<Page<FlowView>> list(RequestContext context, FlowFilter filter, PageRequest page) {
    var requested = new LinkedHashSet<FlowStatus>();
    var statuses = filter.statuses();
    if (statuses != null && statuses.isEmpty())
      throw InvalidRequestException.parameter("status", "must not be blank");
    if (statuses != null)
      for (var status : statuses) {
        if (status == null) throw InvalidRequestException.parameter("status", "must not be blank");
        requested.add(status);
      }
    var trigger = filter.triggerId();
    return messageGateway.queryPage(
        context,
        new ListFlows(
            context.tenant(),
            requested,
            filter.taskId(),
            trigger == null ? null : trigger.value(),
            filter.owner(),
            page));
  }

  Mono<FlowView> find(RequestContext context, FlowId id) {
    return messageGateway.query(context, new FindFlow(context.tenant(), id), FlowView.class);
  }

  Mono<FlowPlanView> findPlan(RequestContext context, FlowId id) {
    return messageGateway.query(
        context, new FindFlowPlan(context.tenant(), id), FlowPlanView.class);
  }

  Mono<FlowView> decide(RequestContext context, DecideFlow command) {
    MessageAuthorizer.checkScopes(FindFlow.class, context.metadata());
    return messageGateway
        .send(context, command)
        .then(Mono.defer(() -> find(context, command.flowId())));
  }

  static DecideFlow toCommand(
      FlowId id,
      Decision decision,
      @Nullable DecideFlowRequest request,
      @Nullable Idempotency idempotency) {
    return new DecideFlow(
        id, decision, request == null ? null : request.reason(), null, idempotency);
  }

  Mono<FlowView> cancel(RequestContext context, FlowId id, @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(FindFlow.class, context.metadata());
    return messageGateway
        .send(context, new CancelFlow(id, idempotency))
        .then(Mono.defer(() -> find(context, id)));
  }
}
