package io.agentledger.command.task;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionCommand;
import io.agentledger.api.task.ExecutionCommand.CancelDescendant;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.CompleteExecution;
import io.agentledger.api.task.ExecutionCommand.DeferAttempt;
import io.agentledger.api.task.ExecutionCommand.FailAttempt;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.RecordWait;
import io.agentledger.api.task.ExecutionCommand.StartExecution;
import io.agentledger.api.task.ExecutionCommand.SupersedeExecution;
import io.agentledger.api.task.ExecutionCommand.TimeOutExecution;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.AttemptFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionContinued;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionEvent.ExecutionWaiting;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.api.task.TaskId;
import io.agentledger.command.support.ConfigurationAggregate;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/**
 * Execution of a task: attempts, each with a session of its own, until one succeeds or none is
 * left. Commands about an attempt that is not the current one do nothing.
 */
@Aggregate(type = "Execution")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Execution extends ConfigurationAggregate<ExecutionId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private TaskId task;
  private ExecutionPrincipal principal;
  private ExecutionOptions options;
  private ExecutionStatus status;
  private int attempt;

  Execution() {}

  /** An execution of another user is not found. */
  @Override
  protected void checkAccess(MetaData metaData) {
    boolean isOwn =
        Caller.of(metaData)
            .map(
                caller ->
                    caller.user().equals(principal.userId())
                        || caller.has(Scope.SESSIONS_WRITE_ALL))
            .orElse(true);
    if (!isOwn) throw notFound();
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  ExecutionId queue(
      QueueExecution command,
      Sealer sealer,
      ExecutionQueueTable queue,
      ChildExecutions children,
      TaskSettings settings,
      TenantId tenant) {
    if (id != null) return id;
    if (queue.countOpen(tenant) >= ExecutionCommand.OPEN_MAX)
      throw new RejectionException(new TooMany("executions", ExecutionCommand.OPEN_MAX));
    var delegation = command.delegation();
    var trigger =
        delegation == null ? command.trigger() : children.permit(delegation, settings.maxDepth());
    var requested = command.options();
    var timeout = requested.timeout().isZero() ? settings.timeout() : requested.timeout();
    apply(
        new ExecutionQueued(
            command.executionId(),
            command.task(),
            command.principal(),
            trigger,
            new ExecutionOptions(
                requested.priority(), timeout, requested.attemptsMax(), requested.retryDelay()),
            sealer.seal(
                command.executionId(),
                ExecutionQueued.class,
                "request",
                JSON.writeValueAsString(command.request()))));
    return command.executionId();
  }

  @CommandHandler
  boolean start(StartExecution command) {
    if (status == ExecutionStatus.QUEUED && command.attempt() == attempt + 1)
      apply(
          new ExecutionStarted(
              id, task, command.attempt(), id.sessionOf(command.attempt()), principal, options));
    return isInProgress() && command.attempt() == attempt;
  }

  @CommandHandler
  void recordWait(RecordWait command) {
    if (!isCurrent(command.sessionId())) return;
    if (command.waiting() && status == ExecutionStatus.RUNNING) apply(new ExecutionWaiting(id));
    if (!command.waiting() && status == ExecutionStatus.WAITING) apply(new ExecutionContinued(id));
  }

  @CommandHandler
  void complete(CompleteExecution command) {
    if (isCurrent(command.sessionId())) apply(new ExecutionSucceeded(id));
  }

  @CommandHandler
  void fail(FailAttempt command) {
    if (!isInProgress() || command.attempt() != attempt) return;
    if (command.retryable() && attempt < options.attemptsMax())
      apply(new AttemptFailed(id, attempt, command.failure(), command.retryAt()));
    else apply(new ExecutionFailed(id, command.failure()));
  }

  @CommandHandler
  void defer(DeferAttempt command) {
    if (isInProgress() && command.attempt() == attempt)
      apply(new AttemptDeferred(id, attempt, command.refusal(), command.retryAt()));
  }

  @CommandHandler
  void timeOut(TimeOutExecution command) {
    if (isInProgress() && command.attempt() == attempt) apply(new ExecutionTimedOut(id));
  }

  @CommandHandler
  void cancel(CancelExecution command) {
    if (!status.isFinal()) apply(new ExecutionCancelled(id));
  }

  @CommandHandler
  void cancel(CancelDescendant command) {
    if (!status.isFinal()) apply(new ExecutionCancelled(id));
  }

  @CommandHandler
  boolean supersede(SupersedeExecution command) {
    boolean isWaiting = status == ExecutionStatus.QUEUED && attempt == 0;
    if (isWaiting) apply(new ExecutionCancelled(id));
    return isWaiting;
  }

  private boolean isInProgress() {
    return status == ExecutionStatus.RUNNING || status == ExecutionStatus.WAITING;
  }

  private boolean isCurrent(SessionId session) {
    return isInProgress() && session.equals(id.sessionOf(attempt));
  }

  @EventSourcingHandler
  void on(ExecutionQueued event, TenantId tenant) {
    create(event.executionId(), tenant);
    task = event.task().taskId();
    principal = event.principal();
    options = event.options();
    status = ExecutionStatus.QUEUED;
  }

  @EventSourcingHandler
  void on(ExecutionStarted event) {
    attempt = event.attempt();
    status = ExecutionStatus.RUNNING;
  }

  @EventSourcingHandler
  void on(ExecutionWaiting event) {
    status = ExecutionStatus.WAITING;
  }

  @EventSourcingHandler
  void on(ExecutionContinued event) {
    status = ExecutionStatus.RUNNING;
  }

  @EventSourcingHandler
  void on(AttemptFailed event) {
    status = ExecutionStatus.QUEUED;
  }

  @EventSourcingHandler
  void on(AttemptDeferred event) {
    attempt = event.attempt() - 1;
    status = ExecutionStatus.QUEUED;
  }

  @EventSourcingHandler
  void on(ExecutionSucceeded event) {
    status = ExecutionStatus.SUCCEEDED;
  }

  @EventSourcingHandler
  void on(ExecutionFailed event) {
    status = ExecutionStatus.FAILED;
  }

  @EventSourcingHandler
  void on(ExecutionCancelled event) {
    status = ExecutionStatus.CANCELLED;
  }

  @EventSourcingHandler
  void on(ExecutionTimedOut event) {
    status = ExecutionStatus.TIMED_OUT;
  }
}
