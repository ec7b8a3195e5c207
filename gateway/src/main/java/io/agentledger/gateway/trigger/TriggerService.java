package io.agentledger.gateway.trigger;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskReferenceInspector;
import io.agentledger.api.task.TaskSessionOpener;
import io.agentledger.api.task.TaskSessionOpener.CheckedSession;
import io.agentledger.api.task.TaskView;
import io.agentledger.api.trigger.DeliveryPreview;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.api.trigger.InboundDeliveryCommand.RedeliverDelivery;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.InboundDeliveryView;
import io.agentledger.api.trigger.TriggerCommand.ArchiveTrigger;
import io.agentledger.api.trigger.TriggerCommand.ChangeTrigger;
import io.agentledger.api.trigger.TriggerCommand.CreateTrigger;
import io.agentledger.api.trigger.TriggerCommand.PauseTrigger;
import io.agentledger.api.trigger.TriggerCommand.ResumeTrigger;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerEvaluator;
import io.agentledger.api.trigger.TriggerEvaluator.InvalidTriggerException;
import io.agentledger.api.trigger.TriggerFlow.PlanStep;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.TriggerQuery.FindInboundDelivery;
import io.agentledger.api.trigger.TriggerQuery.FindTrigger;
import io.agentledger.api.trigger.TriggerQuery.ListInboundDeliveries;
import io.agentledger.api.trigger.TriggerQuery.ListTriggerVersions;
import io.agentledger.api.trigger.TriggerQuery.ListTriggers;
import io.agentledger.api.trigger.TriggerQuery.TriggerFilter;
import io.agentledger.api.trigger.TriggerVersionView;
import io.agentledger.api.trigger.TriggerView;
import io.agentledger.gateway.flow.TriggerFlowRequest;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.QueryParameters;
import io.agentledger.gateway.support.web.RequestContext;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Operations on triggers and their deliveries, shared by REST and RSocket. */
@Component
class TriggerService {
  private static final int PROVIDER_LENGTH_MAX = 40;
  private static final int EVENT_TYPE_LENGTH_MAX = 100;

  /** Prompt in place of the one that a delivery will have. */
  private static final String ANY_PROMPT = "event";

  private final MessageGateway messageGateway;
  private final ObjectProvider<TriggerEvaluator> evaluator;
  private final TaskSessionOpener sessions;
  private final TaskReferenceInspector taskReferences;
  private final WireJson json;

  TriggerService(
      MessageGateway messageGateway,
      ObjectProvider<TriggerEvaluator> evaluator,
      TaskSessionOpener sessions,
      TaskReferenceInspector taskReferences,
      WireJson json) {
    this.json = json;
    this.messageGateway = messageGateway;
    this.evaluator = evaluator;
    this.sessions = sessions;
    this.taskReferences = taskReferences;
  }

  Mono<TriggerView> create(
      RequestContext context, TriggerRequest request, @Nullable Idempotency idempotency) {
    requireScopes(context, CreateTrigger.class);
    var properties = request.toProperties(context.caller());
    return check(context, request, properties, context.caller().user())
        .flatMap(
            definition ->
                messageGateway.<TriggerId>send(
                    context,
                    new CreateTrigger(
                        TriggerId.next(),
                        context.caller().user(),
                        properties,
                        definition,
                        idempotency)))
        .flatMap(id -> find(context, id));
  }

  Mono<TriggerView> change(
      RequestContext context, TriggerId id, long version, TriggerRequest request) {
    requireScopes(context, ChangeTrigger.class);
    var properties = request.toProperties(context.caller());
    return find(context, id)
        .flatMap(known -> check(context, request, properties, known.ownerId()))
        .flatMap(
            definition ->
                messageGateway.send(
                    context, new ChangeTrigger(id, properties, definition, version)))
        .then(find(context, id));
  }

  private static void requireScopes(RequestContext context, Class<?> command) {
    MessageAuthorizer.checkScopes(command, context.metadata());
    MessageAuthorizer.checkScopes(FindTrigger.class, context.metadata());
    MessageAuthorizer.checkScopes(FindTask.class, context.metadata());
  }

  /**
   * Checks the templates and the tasks; an unsigned webhook starts agents that read only. Returns
   * the definition with the versions of the tasks.
   *
   * @param owner of the trigger; an admin may change it, too
   */
  private Mono<TriggerDefinition> check(
      RequestContext context, TriggerRequest request, TriggerProperties properties, UserId owner) {
    var definition = request.toDefinition();
    if (properties.providerDefault() && !context.caller().has(Scope.SESSIONS_WRITE_ALL))
      throw InvalidRequestException.body(
          "/provider_default", "must be set by an admin: it concerns the whole tenant");
    return messageGateway
        .<Void>offload(
            () -> {
              if (properties.providerDefault()) requireFirstTenant(context);
              checkTemplates(definition);
              return Mono.empty();
            })
        .thenMany(Flux.fromIterable(request.taskReferences()))
        .concatMap(id -> findTask(context, id))
        .collectList()
        .flatMapMany(tasks -> checkVariables(tasks, definition).thenMany(Flux.fromIterable(tasks)))
        .concatMap(
            task ->
                checkReferences(context, "/task_id", task, owner)
                    .then(checkWork(context, task, properties, definition)))
        .concatWith(checkPlan(context, properties, definition, owner))
        .collectMap(task -> task.id().value(), TaskView::version)
        .map(definition::withTaskVersions);
  }

  private void requireFirstTenant(RequestContext context) {
    if (!evaluator.getObject().canBeDefault(context.tenant()))
      throw InvalidRequestException.body(
          "/provider_default",
          "must be false in this tenant: /webhooks/{provider} leads to triggers of the first"
              + " tenant; enter the path of the trigger at the provider");
  }

  private void checkTemplates(TriggerDefinition definition) {
    try {
      evaluator.getObject().check(definition);
    } catch (InvalidTriggerException exception) {
      throw InvalidRequestException.body(
          "/" + exception.field(), String.valueOf(exception.getMessage()));
    }
  }

  private Mono<Void> checkVariables(List<TaskView> tasks, TriggerDefinition definition) {
    return messageGateway.offload(
        () -> {
          TriggerVariables.check(
              definition.variables(), tasks.stream().map(TaskView::variables).toList());
          return Mono.empty();
        });
  }

  private Mono<TaskView> findTask(RequestContext context, TaskId id) {
    return messageGateway
        .query(context, new FindTask(context.tenant(), id), TaskView.class)
        .doOnNext(
            task -> {
              if (task.archivedAt() != null)
                throw new RejectionException(new Archived("task", id.value()));
            });
  }

  /**
   * The trigger keeps the version of another user's task, but that user could change the templates
   * and agents that the task names without a version.
   */
  private Mono<Void> checkReferences(
      RequestContext context, String pointer, TaskView task, UserId owner) {
    if (task.ownerId().equals(owner)) return Mono.empty();
    return messageGateway
        .onEventLoop(
            Mono.fromCompletionStage(
                () -> taskReferences.isPinned(context.caller(), context.requestId(), task, owner)))
        .doOnNext(
            isPinned -> {
              if (!isPinned)
                throw InvalidRequestException.body(
                    pointer,
                    "names a task of another user whose template or agent has no fixed version,"
                        + " so that it can be changed; ask its owner to set template_version,"
                        + " agent_id and agent_version");
            })
        .then();
  }

  private Mono<TaskView> checkWork(
      RequestContext context,
      TaskView task,
      TriggerProperties properties,
      TriggerDefinition definition) {
    var flow = definition.flow();
    if (flow != null && flow.plan() != null && task.prompt() == null)
      throw InvalidRequestException.body(
          "/task_id",
          "and the tasks of commands must have a prompt of their own, to which the plan is"
              + " appended");
    var values = TriggerVariables.ofTask(task.variables(), definition.variables());
    return checkSession(context, task, properties, values)
        .map(
            session -> {
              if (flow != null && flow.repository() != null)
                TriggerFlowRequest.requireSameRepository(
                    "/flow/repository/url", flow.repository().url(), session.repositoryUrl());
              return task;
            });
  }

  private Mono<TaskView> checkPlan(
      RequestContext context,
      TriggerProperties properties,
      TriggerDefinition definition,
      UserId owner) {
    var plan = definition.flow() == null ? null : definition.flow().plan();
    if (plan == null) return Mono.empty();
    return findTask(context, plan.taskId())
        .flatMap(
            task ->
                checkReferences(context, "/flow/plan/task_id", task, owner)
                    .then(checkVariables(task, plan))
                    .then(checkSession(context, task, properties, plan.variables()))
                    .thenReturn(task));
  }

  private Mono<Void> checkVariables(TaskView task, PlanStep plan) {
    return messageGateway.offload(
        () -> {
          TriggerFlowRequest.checkPlanVariables(task, plan, json);
          return Mono.empty();
        });
  }

  private Mono<CheckedSession> checkSession(
      RequestContext context,
      TaskView task,
      TriggerProperties properties,
      Map<String, String> values) {
    Caller caller = context.caller();
    var request = new ExecutionRequest(task.variables(), task.session(), ANY_PROMPT, values);
    return messageGateway.onEventLoop(
        Mono.fromCompletionStage(
            () ->
                sessions.check(
                    caller, context.requestId(), request, !properties.signature().hasSecrets())));
  }

  Mono<Page<TriggerView>> list(RequestContext context, TriggerFilter filter, PageRequest page) {
    QueryParameters.requireText("provider", filter.provider(), PROVIDER_LENGTH_MAX);
    QueryParameters.requireText("text", filter.text());
    return messageGateway.queryPage(context, new ListTriggers(context.tenant(), filter, page));
  }

  Mono<Page<TriggerVersionView>> listVersions(
      RequestContext context, TriggerId id, PageRequest page) {
    return messageGateway.queryPage(context, new ListTriggerVersions(context.tenant(), id, page));
  }

  Mono<TriggerView> find(RequestContext context, TriggerId id) {
    return messageGateway.query(context, new FindTrigger(context.tenant(), id), TriggerView.class);
  }

  Mono<TriggerView> pause(RequestContext context, TriggerId id, @Nullable Idempotency idempotency) {
    requireScopes(context, PauseTrigger.class);
    return messageGateway.send(context, new PauseTrigger(id, idempotency)).then(find(context, id));
  }

  Mono<TriggerView> resume(
      RequestContext context, TriggerId id, @Nullable Idempotency idempotency) {
    requireScopes(context, ResumeTrigger.class);
    return messageGateway.send(context, new ResumeTrigger(id, idempotency)).then(find(context, id));
  }

  Mono<Void> archive(RequestContext context, TriggerId id) {
    return messageGateway.sendAndAwait(
        context, new ArchiveTrigger(id), new FindTrigger(context.tenant(), id));
  }

  /** Returns what a payload would start, without any effect. */
  Mono<DeliveryPreview> test(RequestContext context, TriggerId id, TestTriggerRequest request) {
    return find(context, id)
        .flatMap(
            trigger ->
                messageGateway.offload(
                    () -> Mono.just(evaluator.getObject().preview(trigger, request.toRequest()))));
  }

  /**
   * Filter of a list of deliveries.
   *
   * @param statuses null for all
   * @param eventType null for all
   * @param since null for all
   */
  record DeliveryFilter(
      @Nullable Set<@Nullable DeliveryStatus> statuses,
      @Nullable String eventType,
      @Nullable Instant since) {}

  Mono<Page<InboundDeliveryView>> listDeliveries(
      RequestContext context, TriggerId id, DeliveryFilter filter, PageRequest page) {
    var statuses = new LinkedHashSet<DeliveryStatus>();
    if (filter.statuses() != null && filter.statuses().isEmpty())
      throw InvalidRequestException.parameter("status", "must not be blank");
    if (filter.statuses() != null)
      for (var status : filter.statuses()) {
        if (status == null) throw InvalidRequestException.parameter("status", "must not be blank");
        statuses.add(status);
      }
    return messageGateway.queryPage(
        context,
        new ListInboundDeliveries(
            context.tenant(),
            id,
            statuses,
            QueryParameters.requireText("event_type", filter.eventType(), EVENT_TYPE_LENGTH_MAX),
            filter.since(),
            page));
  }

  Mono<InboundDeliveryView> findDelivery(
      RequestContext context, TriggerId id, InboundDeliveryId delivery) {
    return messageGateway.query(
        context,
        new FindInboundDelivery(context.tenant(), id, delivery),
        InboundDeliveryView.class);
  }

  /** Processes a delivery again, with the present version of the trigger. */
  Mono<InboundDeliveryView> redeliver(
      RequestContext context,
      TriggerId id,
      InboundDeliveryId delivery,
      @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(RedeliverDelivery.class, context.metadata());
    return findDelivery(context, id, delivery)
        .flatMap(
            known ->
                messageGateway
                    .send(context, new RedeliverDelivery(delivery, idempotency))
                    .then(findDelivery(context, id, delivery)));
  }
}
