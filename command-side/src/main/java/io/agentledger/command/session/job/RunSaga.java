package io.agentledger.command.session.job;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.ExpireAction;
import io.agentledger.api.session.command.SessionCommand.TimeOutRun;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ClientToolCalled;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.ActionEvent.QuestionAnswered;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ActionEvent.ToolAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.StableName;
import io.agentledger.command.claude.runner.Runner.Assignment;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Deadlines of one run: its timeout, the timeouts of its pending actions, and the next try after a
 * failure. An action without a timeout ends with the run, and the run has a timeout, so every wait
 * has a deadline. Commands may be sent twice or too late; the session then ignores them.
 */
@Saga
@StableName("RunSaga")
@ProcessingGroup(RunSaga.GROUP)
@SuppressWarnings("NullAway.Init") // Set by the first event and the framework.
public class RunSaga {
  static final String GROUP = "run-deadlines";
  static final String TIMEOUT = "run-timeout";
  static final String ACTION_DEADLINE = "action-timeout";
  private static final String ACTION = "actionId";

  @Autowired private transient DeadlineManager deadlines;
  @Autowired private transient CommandGateway commands;
  @Autowired private transient RunRetryScheduler retries;
  @Autowired private transient RunSettings settings;

  private SessionId session;
  private RunId run;
  private @Nullable QueryId query;
  private Provenance requestProvenance;
  private Duration timeout;
  private @Nullable String timeoutSchedule;
  private int tries = 1;
  private Map<String, String> actionSchedules = new HashMap<>();

  /** For the framework. */
  public RunSaga() {}

  @StartSaga
  @SagaEventHandler(associationProperty = "runId")
  void on(QueryIssued event, MetaData metadata, @Timestamp Instant at) {
    query = event.queryId();
    bind(event.sessionId(), event.runId(), metadata);
    scheduleTimeout(at, event.options().timeout());
  }

  /** Starts the saga of a background run; the run of a query has one already. */
  @StartSaga
  @SagaEventHandler(associationProperty = "runId")
  void on(RunStarted event, MetaData metadata, @Timestamp Instant at) {
    if (!(event.cause() instanceof Cause.Background) || session != null) return;
    bind(event.sessionId(), event.runId(), metadata);
    scheduleTimeout(at, settings.backgroundTimeout());
  }

  private void bind(SessionId sessionId, RunId runId, MetaData metadata) {
    session = sessionId;
    run = runId;
    requestProvenance = Provenance.of(metadata);
  }

  private void scheduleTimeout(Instant from, Duration limit) {
    timeout = limit;
    timeoutSchedule = deadlines.schedule(from.plus(limit).plus(settings.timeoutGrace()), TIMEOUT);
  }

  @DeadlineHandler(deadlineName = TIMEOUT)
  void onTimeout() {
    timeoutSchedule = null; // Already executing, so it cannot be cancelled.
    send(new TimeOutRun(session, run, timeout));
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(PermissionRequested event, @Timestamp Instant at) {
    scheduleActionDeadline(event.actionId(), event.answerTimeout(), at);
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(QuestionAsked event, @Timestamp Instant at) {
    scheduleActionDeadline(event.actionId(), event.answerTimeout(), at);
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(ClientToolCalled event, @Timestamp Instant at) {
    scheduleActionDeadline(event.actionId(), event.answerTimeout(), at);
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(ElicitationRequested event, @Timestamp Instant at) {
    scheduleActionDeadline(event.actionId(), event.answerTimeout(), at);
  }

  private void scheduleActionDeadline(ActionId action, AnswerTimeout limit, Instant from) {
    if (!(limit instanceof AnswerTimeout.Limited limited)) return; // The run's timeout ends it.
    var until = from.plus(limited.duration());
    actionSchedules.put(action.value(), deadlines.schedule(until, ACTION_DEADLINE, action.value()));
    SagaLifecycle.associateWith(ACTION, action.value());
  }

  @DeadlineHandler(deadlineName = ACTION_DEADLINE)
  void onActionTimeout(String action) {
    actionSchedules.remove(action);
    send(new ExpireAction(session, new ActionId(action)));
  }

  @SagaEventHandler(associationProperty = ACTION)
  void on(PermissionDecided event) {
    cancelActionDeadline(event.actionId());
  }

  @SagaEventHandler(associationProperty = ACTION)
  void on(QuestionAnswered event) {
    cancelActionDeadline(event.actionId());
  }

  @SagaEventHandler(associationProperty = ACTION)
  void on(ToolAnswered event) {
    cancelActionDeadline(event.actionId());
  }

  @SagaEventHandler(associationProperty = ACTION)
  void on(ElicitationAnswered event) {
    cancelActionDeadline(event.actionId());
  }

  @SagaEventHandler(associationProperty = ACTION)
  void on(ElicitationEnded event) {
    cancelActionDeadline(event.actionId());
  }

  @SagaEventHandler(associationProperty = ACTION)
  void on(ActionExpired event) {
    cancelActionDeadline(event.actionId());
  }

  private void cancelActionDeadline(ActionId action) {
    var schedule = actionSchedules.remove(action.value());
    if (schedule != null) deadlines.cancelSchedule(ACTION_DEADLINE, schedule);
    SagaLifecycle.removeAssociationWith(ACTION, action.value());
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(RunFailed event, @Timestamp Instant at) {
    if (!event.retrying()) {
      end();
    } else if (query != null) {
      tries++;
      retries.schedule(new Assignment(session, run, query, requestProvenance), tries, at);
    }
  }

  /**
   * Cancels the deadlines: the wait for a budget has no limit, because it holds no process and no
   * reservation.
   */
  @SagaEventHandler(associationProperty = "runId")
  void on(RunPaused event) {
    if (timeoutSchedule != null) deadlines.cancelSchedule(TIMEOUT, timeoutSchedule);
    timeoutSchedule = null;
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(RunResumed event, @Timestamp Instant at) {
    if (timeoutSchedule == null) scheduleTimeout(at, timeout);
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(RunCompleted event) {
    end();
  }

  @SagaEventHandler(associationProperty = "runId")
  void on(RunInterrupted event) {
    end();
  }

  private void end() {
    if (timeoutSchedule != null) deadlines.cancelSchedule(TIMEOUT, timeoutSchedule);
    actionSchedules
        .values()
        .forEach(schedule -> deadlines.cancelSchedule(ACTION_DEADLINE, schedule));
    SagaLifecycle.end();
  }

  /** Sends a command as the service, because a deadline has no user. */
  private void send(SessionCommand command) {
    commands.send(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(requestProvenance.asService().asMetadata()));
  }
}
