package io.agentledger.command.task;

import static io.agentledger.command.task.TaskFixtures.ADMIN;
import static io.agentledger.command.task.TaskFixtures.COLLEAGUE;
import static io.agentledger.command.task.TaskFixtures.EXECUTION;
import static io.agentledger.command.task.TaskFixtures.HER;
import static io.agentledger.command.task.TaskFixtures.SERVICE;
import static io.agentledger.command.task.TaskFixtures.queued;
import static io.agentledger.command.task.TaskFixtures.started;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.TaskRejection.DelegationTooDeep;
import io.agentledger.api.shared.TaskRejection.ParentEnded;
import io.agentledger.api.task.ExecutionCommand;
import io.agentledger.api.task.ExecutionCommand.CancelDescendant;
import io.agentledger.api.task.ExecutionCommand.CancelExecution;
import io.agentledger.api.task.ExecutionCommand.CompleteExecution;
import io.agentledger.api.task.ExecutionCommand.DeferAttempt;
import io.agentledger.api.task.ExecutionCommand.Delegation;
import io.agentledger.api.task.ExecutionCommand.FailAttempt;
import io.agentledger.api.task.ExecutionCommand.QueueExecution;
import io.agentledger.api.task.ExecutionCommand.RecordWait;
import io.agentledger.api.task.ExecutionCommand.StartExecution;
import io.agentledger.api.task.ExecutionCommand.TaskRef;
import io.agentledger.api.task.ExecutionCommand.TimeOutExecution;
import io.agentledger.api.task.ExecutionEvent;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.AttemptFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionContinued;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionEvent.ExecutionWaiting;
import io.agentledger.api.task.ExecutionFailure;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionOptions;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.command.support.ConfigurationFixture;
import io.agentledger.command.task.ChildExecutions.Parent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

class ExecutionTest {
  private static final ExecutionFailure FAILURE = new ExecutionFailure("lost", "It was lost.");
  private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");

  private static final Money RESERVED = Money.ofUsd("0.25");
  private static final SessionId SESSION = SessionId.next();
  private static final SessionId DEEP_SESSION = SessionId.next();
  private static final SessionId OTHER_SESSION = SessionId.next();
  private static final ExecutionId ROOT = ExecutionId.next();
  private static final ExecutionId CHILD = ExecutionId.next();
  private static final Map<SessionId, Parent> PARENTS =
      Map.of(
          SESSION, new Parent(CHILD, List.of(ROOT), 1),
          DEEP_SESSION, new Parent(ExecutionId.next(), List.of(CHILD, ROOT), 3));

  private FixtureConfiguration<Execution> execution = fixture(0);

  private static FixtureConfiguration<Execution> fixture(int open) {
    var queue =
        new ExecutionQueueTable(JdbcClient.create(new DriverManagerDataSource()), () -> {}) {
          @Override
          int countOpen(TenantId tenant) {
            return open;
          }
        };
    var children =
        new ChildExecutions(JdbcClient.create(new DriverManagerDataSource())) {
          @Override
          void lock(SessionId session) {}

          @Override
          Optional<Parent> findParent(SessionId session) {
            return Optional.ofNullable(PARENTS.get(session));
          }

          @Override
          Money sumBudgets(SessionId session) {
            return RESERVED;
          }
        };
    return ConfigurationFixture.of(Execution.class)
        .registerInjectableResource(TaskFixtures.sealer())
        .registerInjectableResource(queue)
        .registerInjectableResource(children)
        .registerInjectableResource(new TaskSettings(5, Duration.ofMinutes(10), 5, 3));
  }

  private static QueueExecution queue(Duration timeout) {
    return new QueueExecution(
        EXECUTION,
        new TaskRef(TaskFixtures.TASK, 1, "one"),
        TaskFixtures.PRINCIPAL,
        new ExecutionTrigger.Manual(),
        new ExecutionOptions(5, timeout, 2, Duration.ofSeconds(10)),
        TaskFixtures.REQUEST,
        null,
        null);
  }

  private TestExecutor<Execution> given(ExecutionEvent... events) {
    return execution.given(
        Stream.of(events)
            .map(event -> GenericEventMessage.asEventMessage(event).withMetaData(HER))
            .toList());
  }

  @Test
  void queuedExecutionIsSealedAndHasTheDefaultTimeout() {
    execution
        .givenNoPriorActivity()
        .when(queue(Duration.ZERO), HER)
        .expectEvents(queued())
        .expectResultMessagePayload(EXECUTION);
    given(queued()).when(queue(Duration.ZERO), HER).expectNoEvents();
  }

  @Test
  void numberOfOpenExecutionsOfATenantIsLimited() {
    execution = fixture(ExecutionCommand.OPEN_MAX);
    execution
        .givenNoPriorActivity()
        .when(queue(Duration.ZERO), HER)
        .expectExceptionDetails(new TooMany("executions", ExecutionCommand.OPEN_MAX));
  }

  private static final Budget HALF = new Budget.Limited(Money.ofUsd("0.5"));

  private ResultValidator<Execution> delegate(Delegation delegation) {
    return execution.givenNoPriorActivity().when(queue(Duration.ZERO).with(delegation), HER);
  }

  @Test
  void executionThatAnAgentStartsHasItsParents() {
    delegate(new Delegation(SESSION, true, HALF, RESERVED))
        .expectEvents(
            queued(
                EXECUTION, new ExecutionTrigger.Agent(SESSION, List.of(CHILD, ROOT), 2, HALF), 5));
    execution = fixture(0);
    delegate(new Delegation(OTHER_SESSION, false, new Budget.Unlimited(), Money.ZERO))
        .expectEvents(
            queued(
                EXECUTION,
                new ExecutionTrigger.Agent(OTHER_SESSION, List.of(), 1, new Budget.Unlimited()),
                5));
  }

  @Test
  void agentStartsNothingTooDeepOrAfterItsEndOrFromAnOldBudget() {
    delegate(new Delegation(DEEP_SESSION, true, HALF, RESERVED))
        .expectExceptionDetails(new DelegationTooDeep(3));
    execution = fixture(0);
    delegate(new Delegation(OTHER_SESSION, true, HALF, RESERVED))
        .expectExceptionDetails(new ParentEnded());
    execution = fixture(0);
    delegate(new Delegation(SESSION, true, HALF, Money.ZERO))
        .expectExceptionDetails(new Busy(Duration.ofSeconds(1)));
  }

  @Test
  void executionOfAStoppedOneIsCancelledOnce() {
    var cancel = new CancelDescendant(EXECUTION);
    given(queued()).when(cancel, SERVICE).expectEvents(new ExecutionCancelled(EXECUTION));
    given(queued(), started(1), new ExecutionSucceeded(EXECUTION))
        .when(cancel, SERVICE)
        .expectNoEvents();
  }

  @Test
  void attemptStartsOnceHoweverOftenItIsClaimed() {
    given(queued())
        .when(new StartExecution(EXECUTION, 1), SERVICE)
        .expectEvents(started(1))
        .expectResultMessagePayload(true);
    given(queued(), started(1))
        .when(new StartExecution(EXECUTION, 1), SERVICE)
        .expectNoEvents()
        .expectResultMessagePayload(true);
    given(queued(), new ExecutionCancelled(EXECUTION))
        .when(new StartExecution(EXECUTION, 1), SERVICE)
        .expectNoEvents()
        .expectResultMessagePayload(false);
  }

  @Test
  void completedSessionOfTheCurrentAttemptEndsTheExecution() {
    given(queued(), started(1))
        .when(new CompleteExecution(EXECUTION, EXECUTION.sessionOf(1)), SERVICE)
        .expectEvents(new ExecutionSucceeded(EXECUTION));
    given(queued(), started(1), failed(1), started(2))
        .when(new CompleteExecution(EXECUTION, EXECUTION.sessionOf(1)), SERVICE)
        .expectNoEvents();
    given(queued(), started(1), new ExecutionSucceeded(EXECUTION))
        .when(new CompleteExecution(EXECUTION, EXECUTION.sessionOf(1)), SERVICE)
        .expectNoEvents();
  }

  private static AttemptFailed failed(int attempt) {
    return new AttemptFailed(EXECUTION, attempt, FAILURE, LATER);
  }

  private static FailAttempt fail(int attempt, boolean retryable) {
    return new FailAttempt(EXECUTION, attempt, FAILURE, retryable, LATER);
  }

  @Test
  void failureThatMayPassIsTriedAgainUntilNoAttemptIsLeft() {
    given(queued(), started(1)).when(fail(1, true), SERVICE).expectEvents(failed(1));
    given(queued(), started(1), failed(1)).when(fail(1, true), SERVICE).expectNoEvents();
    given(queued(), started(1), failed(1), started(2))
        .when(fail(2, true), SERVICE)
        .expectEvents(new ExecutionFailed(EXECUTION, FAILURE));
    given(queued(), started(1))
        .when(fail(1, false), SERVICE)
        .expectEvents(new ExecutionFailed(EXECUTION, FAILURE));
  }

  @Test
  void attemptThatALimitRefusesDoesNotCount() {
    var defer = new DeferAttempt(EXECUTION, 1, FAILURE, LATER);
    var deferred = new AttemptDeferred(EXECUTION, 1, FAILURE, LATER);
    given(queued(), started(1)).when(defer, SERVICE).expectEvents(deferred);
    given(queued(), started(1), deferred).when(defer, SERVICE).expectNoEvents();
    given(queued(), started(1), deferred)
        .when(new StartExecution(EXECUTION, 1), SERVICE)
        .expectEvents(started(1));
    given(queued(), started(1), deferred, started(1))
        .when(fail(1, true), SERVICE)
        .expectEvents(failed(1));
  }

  @Test
  void waitIsRecordedOnceUntilTheAnswer() {
    var wait = new RecordWait(EXECUTION, EXECUTION.sessionOf(1), true);
    var answered = new RecordWait(EXECUTION, EXECUTION.sessionOf(1), false);
    given(queued(), started(1)).when(wait, SERVICE).expectEvents(new ExecutionWaiting(EXECUTION));
    given(queued(), started(1)).when(answered, SERVICE).expectNoEvents();
    given(queued(), started(1), new ExecutionWaiting(EXECUTION))
        .when(wait, SERVICE)
        .expectNoEvents();
    given(queued(), started(1), new ExecutionWaiting(EXECUTION))
        .when(answered, SERVICE)
        .expectEvents(new ExecutionContinued(EXECUTION));
  }

  @Test
  void timeoutEndsTheAttemptThatItWasSetFor() {
    given(queued(), started(1), new ExecutionWaiting(EXECUTION))
        .when(new TimeOutExecution(EXECUTION, 1), SERVICE)
        .expectEvents(new ExecutionTimedOut(EXECUTION));
    given(queued(), started(1), failed(1))
        .when(new TimeOutExecution(EXECUTION, 1), SERVICE)
        .expectNoEvents();
  }

  @Test
  void executionIsCancelledByItsUserOrAnAdmin() {
    var cancel = new CancelExecution(EXECUTION);
    given(queued()).when(cancel, HER).expectEvents(new ExecutionCancelled(EXECUTION));
    given(queued(), started(1)).when(cancel, ADMIN).expectEvents(new ExecutionCancelled(EXECUTION));
    given(queued(), new ExecutionCancelled(EXECUTION)).when(cancel, HER).expectNoEvents();
    given(queued()).when(cancel, COLLEAGUE).expectExceptionDetails(NotFound.of(EXECUTION));
  }
}
