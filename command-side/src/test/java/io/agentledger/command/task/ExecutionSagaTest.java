package io.agentledger.command.task;

import static io.agentledger.command.task.TaskFixtures.EXECUTION;
import static io.agentledger.command.task.TaskFixtures.OPTIONS;
import static io.agentledger.command.task.TaskFixtures.SERVICE;
import static io.agentledger.command.task.TaskFixtures.TASK;
import static io.agentledger.command.task.TaskFixtures.started;
import static org.axonframework.test.matchers.Matchers.matches;
import static org.axonframework.test.matchers.Matchers.payloadsMatching;
import static org.axonframework.test.matchers.Matchers.sequenceOf;

import io.agentledger.api.content.Content;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.shared.Money;
import io.agentledger.api.task.ExecutionCommand.CompleteExecution;
import io.agentledger.api.task.ExecutionCommand.FailAttempt;
import io.agentledger.api.task.ExecutionCommand.RecordWait;
import io.agentledger.api.task.ExecutionCommand.TimeOutExecution;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.TaskCommand.SuspendTask;
import io.agentledger.api.task.TaskId;
import io.agentledger.store.event.EventSamples;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.saga.FixtureExecutionResult;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The execution follows the session of its current attempt. */
class ExecutionSagaTest {
  private static final SessionId SESSION = EXECUTION.sessionOf(1);
  private static final RunId RUN = RunId.next();
  private static final RunTotals TOTALS =
      new RunTotals(Usage.ZERO, Money.ZERO, Duration.ZERO, 0, List.of());

  private SagaTestFixture<ExecutionSaga> saga;
  private int failures;

  @BeforeEach
  void fixture() {
    saga = new SagaTestFixture<>(ExecutionSaga.class);
    saga.registerResource(new TaskSettings(5, OPTIONS.timeout(), 5, 3));
    saga.registerResource(Clock.systemUTC());
    saga.registerResource(
        new ExecutionQueueTable(JdbcClient.create(new DriverManagerDataSource()), () -> {}) {
          @Override
          int countFailures(TaskId task) {
            return failures;
          }
        });
  }

  private static Object message(Object event) {
    return new GenericEventMessage<>(event, SERVICE);
  }

  private static SessionOpened opened() {
    var sample = EventSamples.samplesOf(SessionOpened.class).getFirst();
    return new SessionOpened(
        SESSION,
        sample.ownerId(),
        sample.threadId(),
        sample.agent(),
        sample.setup(),
        sample.tools(),
        sample.environment(),
        sample.options(),
        sample.budget(),
        sample.workspace(),
        sample.folder(),
        sample.directories(),
        new SessionOrigin.Task(EXECUTION.value()),
        sample.vaultIds(),
        Content.ABSENT,
        Content.ABSENT,
        Content.ABSENT);
  }

  private FixtureExecutionResult when(Object event) {
    return saga.givenAPublished(message(started(1))).whenPublishingA(message(event));
  }

  private static RunFailed failed(Failure failure, boolean retrying) {
    return new RunFailed(SESSION, RUN, failure, retrying, TOTALS, Content.ABSENT);
  }

  private static void expectFailure(
      FixtureExecutionResult result, Predicate<FailAttempt> expected) {
    result.expectDispatchedCommandsMatching(
        payloadsMatching(
            sequenceOf(matches(command -> command instanceof FailAttempt f && expected.test(f)))));
  }

  @Test
  void completedRunCompletesTheExecution() {
    when(new RunCompleted(
            SESSION, RUN, StopReason.COMPLETED, TOTALS, Content.ABSENT, Content.ABSENT))
        .expectDispatchedCommands(new CompleteExecution(EXECUTION, SESSION));
  }

  @Test
  void onlyFailuresThatMayPassAreRetryable() {
    expectFailure(
        when(failed(Failure.LOST, false)),
        fail -> fail.retryable() && fail.failure().code().equals("lost"));
    fixture();
    expectFailure(when(failed(Failure.OUTPUT, false)), fail -> !fail.retryable());
    fixture();
    expectFailure(when(failed(Failure.MODEL, false)), FailAttempt::retryable);
    fixture();
    expectFailure(when(failed(Failure.MODEL_REFUSED, false)), fail -> !fail.retryable());
    fixture();
    when(failed(Failure.LOST, true)).expectNoDispatchedCommands();
    fixture();
    expectFailure(
        when(
            new RunCompleted(
                SESSION, RUN, StopReason.MAX_TURNS, TOTALS, Content.ABSENT, Content.ABSENT)),
        fail -> !fail.retryable() && fail.failure().code().equals("max_turns"));
  }

  @Test
  void waitOfTheSessionIsThatOfTheExecution() {
    when(new ActivityChanged(SESSION, Activity.WAITING, List.of()))
        .expectDispatchedCommands(new RecordWait(EXECUTION, SESSION, true));
  }

  @Test
  void attemptHasATimeout() throws Exception {
    saga.givenAPublished(message(started(1)))
        .whenTimeElapses(OPTIONS.timeout())
        .expectDispatchedCommands(new TimeOutExecution(EXECUTION, 1));
  }

  @Test
  void deferredAttemptLeavesNothingBehind() {
    var refusal = new ExecutionFailure("limit_reached", "The limit is reached.");
    when(new AttemptDeferred(EXECUTION, 1, refusal, Instant.EPOCH))
        .expectNoDispatchedCommands()
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }

  @Test
  void sessionThatOpensAfterTheCancellationIsClosed() {
    saga.givenAPublished(message(started(1)))
        .whenPublishingA(message(new ExecutionCancelled(EXECUTION)))
        .expectNoDispatchedCommands()
        .expectActiveSagas(1);
    fixture();
    saga.givenAPublished(message(started(1)))
        .andThenAPublished(message(opened()))
        .whenPublishingA(message(new ExecutionCancelled(EXECUTION)))
        .expectDispatchedCommands(new CloseSession(SESSION))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
    fixture();
    saga.givenAPublished(message(started(1)))
        .andThenAPublished(message(new ExecutionCancelled(EXECUTION)))
        .whenPublishingA(message(opened()))
        .expectDispatchedCommands(new CloseSession(SESSION))
        .expectActiveSagas(0);
  }

  @Test
  void scheduleIsSuspendedAfterTooManyFailures() {
    var event = new ExecutionFailed(EXECUTION, new ExecutionFailure("model", "It failed."));
    failures = 4;
    when(event).expectNoDispatchedCommands().expectActiveSagas(0).expectNoScheduledDeadlines();
    fixture();
    failures = 5;
    when(event)
        .expectDispatchedCommands(
            new SuspendTask(
                TASK, "5 executions failed in a row. POST /tasks/{id}/resume continues."));
  }
}
