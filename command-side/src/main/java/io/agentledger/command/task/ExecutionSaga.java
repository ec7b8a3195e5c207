package io.agentledger.command.task;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionClosed;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.CompleteExecution;
import io.agentledger.api.task.ExecutionCommand.FailAttempt;
import io.agentledger.api.task.ExecutionCommand.RecordWait;
import io.agentledger.api.task.ExecutionCommand.TimeOutExecution;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.AttemptFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.TaskCommand.SuspendTask;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.HandlerExecutionException;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * One attempt of an execution: ends the execution when the first query of its session ends or the
 * timeout is exceeded, and closes the session of an execution that was cancelled. The attempt
 * starts before its session opens, so no event of the session is missed. Commands may be sent twice
 * or too late; the execution then ignores them.
 */
@Saga
@StableName("ExecutionSaga")
@ProcessingGroup(ExecutionSaga.GROUP)
@SuppressWarnings("NullAway.Init") // Set by the first event and the framework.
public class ExecutionSaga {
  static final String GROUP = "execution-attempts";
  static final String TIMEOUT = "execution-timeout";
  static final String ABANDONED = "execution-abandoned";
  private static final String EXECUTION = "executionId";
  private static final String SESSION = "sessionId";

  /** Longer than the opening of a session takes. */
  private static final Duration OPENING_MAX = Duration.ofMinutes(15);

  /** Failures that another attempt may not have. */
  private static final Set<Failure> TRANSIENT =
      EnumSet.of(Failure.MODEL, Failure.CLI, Failure.LOST, Failure.DISK_FULL, Failure.FAULT);

  @Autowired private transient DeadlineManager deadlines;
  @Autowired private transient CommandGateway commands;
  @Autowired private transient ExecutionQueueTable queue;
  @Autowired private transient TaskSettings settings;
  @Autowired private transient Clock clock;

  private TenantId tenant;
  private ExecutionStarted started;
  private boolean opened;
  private boolean stopped;
  private @Nullable String timeoutSchedule;

  /** For the framework. */
  public ExecutionSaga() {}

  @StartSaga
  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionStarted event, MetaData metadata, @Timestamp Instant at) {
    tenant = Provenance.of(metadata).tenant();
    started = event;
    SagaLifecycle.associateWith(SESSION, event.sessionId().value());
    timeoutSchedule = deadlines.schedule(at.plus(event.options().timeout()), TIMEOUT);
  }

  @DeadlineHandler(deadlineName = TIMEOUT)
  void onTimeout() {
    timeoutSchedule = null; // Already executing, so it cannot be cancelled.
    send(new TimeOutExecution(execution(), started.attempt()));
  }

  /** The session of a stopped execution did not open. */
  @DeadlineHandler(deadlineName = ABANDONED)
  void onAbandoned() {
    SagaLifecycle.end();
  }

  @SagaEventHandler(associationProperty = SESSION)
  void on(SessionOpened event) {
    opened = true;
    if (stopped) closeAndEnd();
  }

  @SagaEventHandler(associationProperty = SESSION)
  void on(ActivityChanged event) {
    if (event.activity() == Activity.WAITING)
      send(new RecordWait(execution(), event.sessionId(), true));
    if (event.activity() == Activity.RUNNING)
      send(new RecordWait(execution(), event.sessionId(), false));
  }

  @SagaEventHandler(associationProperty = SESSION)
  void on(RunCompleted event) {
    if (event.stopReason() == StopReason.COMPLETED)
      send(new CompleteExecution(execution(), event.sessionId()));
    else
      fail(
          new ExecutionFailure(
              nameOf(event.stopReason()),
              "The agent stopped before it finished: its session has the details."),
          false);
  }

  @SagaEventHandler(associationProperty = SESSION)
  void on(RunFailed event) {
    if (!event.retrying())
      fail(
          new ExecutionFailure(
              nameOf(event.failure()), "The run failed: its session has the details."),
          TRANSIENT.contains(event.failure()));
  }

  @SagaEventHandler(associationProperty = SESSION)
  void on(RunInterrupted event) {
    cancel();
  }

  @SagaEventHandler(associationProperty = SESSION)
  void on(SessionClosed event) {
    cancel();
  }

  @SagaEventHandler(associationProperty = SESSION)
  void on(SessionDeleted event) {
    cancel();
  }

  /** Cancels the execution as its user, because the user stopped the session. */
  private void cancel() {
    if (!stopped) sendAsUser(new CancelExecution(execution()));
  }

  private void fail(ExecutionFailure failure, boolean retryable) {
    var retryAt = RetryBackoff.next(started.options(), started.attempt(), clock.instant());
    send(new FailAttempt(execution(), started.attempt(), failure, retryable, retryAt));
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(AttemptFailed event) {
    end();
  }

  /** The session did not open, and the next start has a saga of its own. */
  @SagaEventHandler(associationProperty = EXECUTION)
  void on(AttemptDeferred event) {
    end();
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionSucceeded event) {
    end();
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionFailed event) {
    suspendAfterFailures();
    end();
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionTimedOut event) {
    suspendAfterFailures();
    stop();
  }

  @SagaEventHandler(associationProperty = EXECUTION)
  void on(ExecutionCancelled event) {
    stop();
  }

  private void suspendAfterFailures() {
    int failures = queue.countFailures(started.taskId());
    if (failures >= settings.failuresMax())
      send(
          new SuspendTask(
              started.taskId(),
              failures + " executions failed in a row. POST /tasks/{id}/resume continues."));
  }

  /** Closes the session now, or when it opens: its start may be in progress. */
  private void stop() {
    cancelTimeout();
    stopped = true;
    if (opened) closeAndEnd();
    else deadlines.schedule(OPENING_MAX, ABANDONED);
  }

  private void closeAndEnd() {
    sendAsUser(new CloseSession(started.sessionId()));
    deadlines.cancelAllWithinScope(ABANDONED);
    SagaLifecycle.end();
  }

  private void end() {
    cancelTimeout();
    SagaLifecycle.end();
  }

  private void cancelTimeout() {
    if (timeoutSchedule != null) deadlines.cancelSchedule(TIMEOUT, timeoutSchedule);
    timeoutSchedule = null;
  }

  private ExecutionId execution() {
    return started.executionId();
  }

  private void send(Object command) {
    new ExecutionCommandSender(commands).send(tenant, command);
  }

  /** Sends a command as the user of the session, who may have lost the right to it since. */
  private void sendAsUser(Object command) {
    try {
      new ExecutionCommandSender(commands)
          .sendAs(started.principal().toCaller(tenant, Role.MEMBER), command);
    } catch (HandlerExecutionException failed) {
      // Rejected if the session has another owner or has ended; anything else is tried again.
      if (!(failed.getDetails().orElse(null) instanceof Rejection)) throw failed;
    }
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
