package io.agentledger.gateway.task;

import io.agentledger.api.identity.security.MessageAuthorizer;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection.Archived;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TaskRejection.ExecutionNotEnded;
import io.agentledger.api.shared.TriggerRejection.ExecutionOfTrigger;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskQuery.FindExecution;
import io.agentledger.api.task.TaskQuery.FindTask;
import io.agentledger.api.task.TaskQuery.ListExecutions;
import io.agentledger.api.task.TaskView;
import io.agentledger.gateway.support.json.WireJson;
import io.agentledger.gateway.support.messaging.MessageGateway;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.web.RequestContext;
import io.agentledger.gateway.template.RenderedTemplate;
import io.agentledger.gateway.template.VariableValue;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.axonframework.messaging.HandlerExecutionException;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/** Operations on executions, shared by REST and RSocket. */
@Component
class ExecutionService {
  private final MessageGateway messageGateway;
  private static final int DELEGATION_RETRIES = 5;
  private static final Duration DELEGATION_DELAY = Duration.ofMillis(100);

  private final DelegationService delegations;
  private final WireJson json;

  ExecutionService(MessageGateway messageGateway, DelegationService delegations, WireJson json) {
    this.messageGateway = messageGateway;
    this.delegations = delegations;
    this.json = json;
  }

  /** Queues an execution of a task as the caller. */
  Mono<ExecutionView> run(
      RequestContext context,
      TaskId task,
      RunTaskRequest request,
      @Nullable Idempotency idempotency) {
    return run(context, task, request, new ExecutionTrigger.Manual(), idempotency);
  }

  /**
   * Repeats an execution that has ended, with its variables, in the present version of its task.
   */
  Mono<ExecutionView> retry(
      RequestContext context, ExecutionId id, @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(QueueExecution.class, context.metadata());
    return find(context, id)
        .flatMap(
            execution -> {
              if (!execution.status().isFinal())
                throw new RejectionException(new ExecutionNotEnded(id.value()));
              if (execution.trigger() instanceof ExecutionTrigger.Webhook webhook)
                throw new RejectionException(new ExecutionOfTrigger(webhook.deliveryId().value()));
              return run(
                  context,
                  execution.taskId(),
                  new RunTaskRequest(
                      VariableValue.ofTexts(execution.variables()), execution.priority()),
                  new ExecutionTrigger.Retry(id),
                  idempotency);
            });
  }

  private Mono<ExecutionView> run(
      RequestContext context,
      TaskId id,
      RunTaskRequest request,
      ExecutionTrigger trigger,
      @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(QueueExecution.class, context.metadata());
    return messageGateway
        .query(context, new FindTask(context.tenant(), id), TaskView.class)
        .flatMap(
            task ->
                messageGateway
                    .offload(
                        () -> Mono.just(toCommand(context, task, request, trigger, idempotency)))
                    .flatMap(command -> queue(context, task, command)))
        .flatMap(execution -> find(context, execution));
  }

  /**
   * Queues an execution; repeats it with the present budget if another call of the same agent was
   * first.
   */
  private Mono<ExecutionId> queue(RequestContext context, TaskView task, QueueExecution command) {
    return Mono.defer(() -> delegations.find(context, task))
        .flatMap(
            delegation ->
                messageGateway.<ExecutionId>send(
                    context, delegation.map(command::with).orElse(command)))
        .retryWhen(
            Retry.backoff(DELEGATION_RETRIES, DELEGATION_DELAY)
                .filter(ExecutionService::isBusy)
                .onRetryExhaustedThrow((retry, signal) -> signal.failure()));
  }

  private static boolean isBusy(Throwable failure) {
    return failure instanceof HandlerExecutionException exception
        && exception.getDetails().orElse(null) instanceof Busy;
  }

  private QueueExecution toCommand(
      RequestContext context,
      TaskView task,
      RunTaskRequest request,
      ExecutionTrigger trigger,
      @Nullable Idempotency idempotency) {
    if (task.archivedAt() != null)
      throw new RejectionException(new Archived("task", task.id().value()));
    var values = request.variablesOrEmpty();
    RenderedTemplate.ofTask(task.variables(), task.session(), task.prompt(), values, json);
    var timeout = task.timeout();
    return new QueueExecution(
        ExecutionId.next(),
        new TaskRef(task.id(), task.version(), task.name()),
        ExecutionPrincipal.of(context.caller()),
        trigger,
        new ExecutionOptions(
            request.priority() == null ? task.priority() : request.priority(),
            timeout == null ? Duration.ZERO : timeout,
            task.retry().maxAttempts(),
            task.retry().delay()),
        new ExecutionRequest(task.variables(), task.session(), task.prompt(), values),
        null,
        idempotency);
  }

  /**
   * Filter of a list of executions.
   *
   * @param taskId null for all tasks
   * @param statuses null for all
   * @param parentSessionId null for all
   * @param parentExecutionId null for all
   */
  record ExecutionFilter(
      @Nullable TaskId taskId,
      @Nullable Set<@Nullable ExecutionStatus> statuses,
      @Nullable SessionId parentSessionId,
      @Nullable ExecutionId parentExecutionId) {
    static ExecutionFilter ofTask(
        @Nullable TaskId taskId, @Nullable Set<@Nullable ExecutionStatus> statuses) {
      return new ExecutionFilter(taskId, statuses, null, null);
    }
  }

  /** Lists executions. */
  Mono<Page<ExecutionView>> list(RequestContext context, ExecutionFilter filter, PageRequest page) {
    var requested = new LinkedHashSet<ExecutionStatus>();
    var statuses = filter.statuses();
    if (statuses != null && statuses.isEmpty())
      throw InvalidRequestException.parameter("status", "must not be blank");
    if (statuses != null)
      for (var status : statuses) {
        if (status == null) throw InvalidRequestException.parameter("status", "must not be blank");
        requested.add(status);
      }
    return messageGateway.queryPage(
        context,
        new ListExecutions(
            context.tenant(),
            filter.taskId(),
            requested,
            filter.parentSessionId(),
            filter.parentExecutionId(),
            page));
  }

  Mono<ExecutionView> find(RequestContext context, ExecutionId id) {
    return messageGateway.query(
        context, new FindExecution(context.tenant(), id), ExecutionView.class);
  }

  Mono<ExecutionView> cancel(
      RequestContext context, ExecutionId id, @Nullable Idempotency idempotency) {
    MessageAuthorizer.checkScopes(CancelExecution.class, context.metadata());
    MessageAuthorizer.checkScopes(FindExecution.class, context.metadata());
    return messageGateway
        .send(context, new CancelExecution(id, idempotency))
        .then(find(context, id));
  }
}
