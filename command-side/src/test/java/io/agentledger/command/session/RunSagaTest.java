package io.agentledger.command.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.command.SessionCommand.ExpireAction;
import io.agentledger.api.session.command.SessionCommand.TimeOutRun;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.agentledger.command.session.job.RunRetryScheduler;
import io.agentledger.command.session.job.RunSaga;
import io.agentledger.command.session.job.RunSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.test.saga.SagaTestFixture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RunSagaTest extends SessionFixture {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final Provenance PROVENANCE =
      new Provenance(
          new TenantId("tnt_2222222222"),
          Actor.ofUser(ADA),
          new CredentialId("key_2222222222"),
          "req_1");
  private static final Map<String, Object> METADATA = PROVENANCE.asMetadata();
  private static final TimeOutRun OVER_TIME = new TimeOutRun(SESSION, RUN, OPTIONS.timeout());

  private final List<String> retries = new ArrayList<>();
  private SagaTestFixture<RunSaga> saga;

  @BeforeEach
  void fixture() {
    saga = new SagaTestFixture<>(RunSaga.class);
    saga.registerResource(
        (RunRetryScheduler)
            (run, tries, failedAt) -> retries.add(run + " " + tries + " " + failedAt));
    saga.registerResource(
        new RunSettings(
            8, Duration.ZERO, GRACE, Duration.ofMinutes(30), SECOND, Duration.ofMinutes(1)));
  }

  private static Object withMetadata(Object event) {
    return new GenericEventMessage<>(event, METADATA);
  }

  private static PermissionRequested permissionRequested(AnswerTimeout answerTimeout) {
    return new PermissionRequested(
        SESSION,
        RUN,
        MAIN,
        ACTION,
        CALL,
        "Bash",
        "digest",
        answerTimeout,
        Content.ABSENT,
        Content.ABSENT);
  }

  @Test
  void runTimeoutFailsTheRun() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .whenTimeElapses(OPTIONS.timeout().plus(GRACE))
        .expectDispatchedCommands(OVER_TIME);
  }

  @Test
  void processHandlesTheTimeoutFirst() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .whenTimeElapses(OPTIONS.timeout())
        .expectNoDispatchedCommands();
  }

  @Test
  void timeoutContinuesOverRetries() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .andThenTimeElapses(OPTIONS.timeout())
        .andThenAPublished(withMetadata(failed(Failure.MODEL, true, NOTHING_USED)))
        .andThenAPublished(withMetadata(started(2, PROCESS, 1)))
        .whenTimeElapses(GRACE)
        .expectDispatchedCommands(OVER_TIME);
  }

  @Test
  void endedRunHasNoDeadline() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .whenPublishingA(withMetadata(new RunInterrupted(SESSION, RUN, NOTHING_USED)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }

  @Test
  void finalFailureEndsTheRun() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .whenPublishingA(withMetadata(failed(Failure.MODEL, false, NOTHING_USED)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
    assertThat(retries).isEmpty();
  }

  @Test
  void transientFailureIsRetried() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .andThenAPublished(withMetadata(failed(Failure.MODEL, true, NOTHING_USED)))
        .whenPublishingA(withMetadata(failed(Failure.CLI, true, NOTHING_USED)))
        .expectActiveSagas(1);
    // With the provenance of the query each time.
    var run = new Assignment(SESSION, RUN, QUERY, PROVENANCE);
    var failedAt = saga.currentTime();
    assertThat(retries).containsExactly(run + " 2 " + failedAt, run + " 3 " + failedAt);
  }

  @Test
  void runStartedByTheAgentHasATimeout() throws Exception {
    saga.givenAPublished(
            withMetadata(started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1))))
        .whenTimeElapses(Duration.ofMinutes(30).plus(GRACE))
        .expectDispatchedCommands(new TimeOutRun(SESSION, BACKGROUND, Duration.ofMinutes(30)));
  }

  @Test
  void startOfAnIssuedRunStartsNoSecondSaga() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .whenPublishingA(withMetadata(started(1, PROCESS, 1)))
        .expectActiveSagas(1);
  }

  @Test
  void timeoutExpiresAPendingAction() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .andThenAPublished(withMetadata(permissionRequested(new AnswerTimeout.Limited(TIMEOUT))))
        .whenTimeElapses(TIMEOUT)
        .expectDispatchedCommands(new ExpireAction(SESSION, ACTION));
  }

  @Test
  void actionWithoutTimeoutEndsWithTheRunOnly() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .andThenAPublished(withMetadata(permissionRequested(new AnswerTimeout.Unlimited())))
        .whenTimeElapses(TIMEOUT)
        .expectNoDispatchedCommands();
  }

  @Test
  void answerCancelsTheDeadline() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .andThenAPublished(withMetadata(permissionRequested(new AnswerTimeout.Limited(TIMEOUT))))
        .andThenAPublished(
            withMetadata(
                new PermissionDecided(
                    SESSION, ACTION, Decision.ALLOW, "digest", Content.ABSENT, Content.ABSENT)))
        .whenTimeElapses(TIMEOUT)
        .expectNoDispatchedCommands();
  }

  @Test
  void endOfTheRunCancelsEveryDeadline() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .andThenAPublished(withMetadata(permissionRequested(new AnswerTimeout.Limited(TIMEOUT))))
        .andThenAPublished(withMetadata(new ActionExpired(SESSION, ACTION, ExpiryReason.RUN_ENDED)))
        .whenPublishingA(withMetadata(new RunInterrupted(SESSION, RUN, NOTHING_USED)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }

  @Test
  void pausedRunWaitsForABudgetWithoutTimeout() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .whenPublishingA(withMetadata(new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL)))
        .expectActiveSagas(1)
        .expectNoScheduledDeadlines();
  }

  @Test
  void resumedRunHasItsFullTimeout() throws Exception {
    saga.givenAPublished(withMetadata(issued(QUERY, RUN, "hi")))
        .andThenAPublished(withMetadata(new RunPaused(SESSION, RUN, NOTHING_USED, SHORTFALL)))
        .andThenTimeElapses(OPTIONS.timeout().multipliedBy(2))
        .andThenAPublished(withMetadata(new RunResumed(SESSION, RUN, QUERY, 2, 1)))
        .whenTimeElapses(OPTIONS.timeout().plus(GRACE))
        .expectDispatchedCommands(OVER_TIME);
  }
}
