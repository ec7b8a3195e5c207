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
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.RunEvent.Cause;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.claude.runner.Runner.Assignment;
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
  private static final Provenance ASKED =
      new Provenance(
          new TenantId("tnt_2222222222"),
          Actor.ofUser(ADA),
          new CredentialId("key_2222222222"),
          "req_1");
  private static final Map<String, Object> BY = ASKED.asMetadata();
  private static final TimeOutRun OVER_TIME = new TimeOutRun(SESSION, RUN, OPTIONS.timeout());

  private final List<String> retries = new ArrayList<>();
  private SagaTestFixture<RunSaga> saga;

  @BeforeEach
  void fixture() {
    saga = new SagaTestFixture<>(RunSaga.class);
    saga.registerResource((RunRetryScheduler) (run, tries) -> retries.add(run + " " + tries));
    saga.registerResource(
        new RunSettings(
            8, Duration.ZERO, GRACE, Duration.ofMinutes(30), SECOND, Duration.ofMinutes(1)));
  }

  private static Object by(Object event) {
    return new GenericEventMessage<>(event, BY);
  }

  private static PermissionRequested asked(AnswerTimeout answerTimeout) {
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
  void aRunThatTakesLongerThanItMayIsGivenUp() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .whenTimeElapses(OPTIONS.timeout().plus(GRACE))
        .expectDispatchedCommands(OVER_TIME);
  }

  @Test
  void theProcessHasTheFirstWordAboutTheTimeout() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .whenTimeElapses(OPTIONS.timeout())
        .expectNoDispatchedCommands();
  }

  @Test
  void theTimeoutRunsOnOverRetries() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .andThenTimeElapses(OPTIONS.timeout())
        .andThenAPublished(by(failed(Failure.MODEL, true, NOTHING_USED)))
        .andThenAPublished(by(started(2, PROCESS, 1)))
        .whenTimeElapses(GRACE)
        .expectDispatchedCommands(OVER_TIME);
  }

  @Test
  void aRunThatEndedHasNoDeadline() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .whenPublishingA(by(new RunInterrupted(SESSION, RUN, NOTHING_USED)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }

  @Test
  void aFinalFailureIsAnEnd() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .whenPublishingA(by(failed(Failure.MODEL, false, NOTHING_USED)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
    assertThat(retries).isEmpty();
  }

  @Test
  void aFailureInPassingIsFollowedByTheNextTry() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .andThenAPublished(by(failed(Failure.MODEL, true, NOTHING_USED)))
        .whenPublishingA(by(failed(Failure.CLI, true, NOTHING_USED)))
        .expectActiveSagas(1);
    var run = new Assignment(SESSION, RUN, QUERY, ASKED); // For whoever asked, each time.
    assertThat(retries).containsExactly(run + " 2", run + " 3");
  }

  @Test
  void aRunThatTheAgentBeganByItselfHasALimitToo() throws Exception {
    saga.givenAPublished(by(started(BACKGROUND, new Cause.Background(), 1, machinery(PROCESS, 1))))
        .whenTimeElapses(Duration.ofMinutes(30).plus(GRACE))
        .expectDispatchedCommands(new TimeOutRun(SESSION, BACKGROUND, Duration.ofMinutes(30)));
  }

  @Test
  void theStartOfAnAskedRunBeginsNoSecondSaga() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .whenPublishingA(by(started(1, PROCESS, 1)))
        .expectActiveSagas(1);
  }

  @Test
  void silenceExpires() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .andThenAPublished(by(asked(new AnswerTimeout.Limited(TIMEOUT))))
        .whenTimeElapses(TIMEOUT)
        .expectDispatchedCommands(new ExpireAction(SESSION, ACTION));
  }

  @Test
  void whatWaitsWithoutLimitIsEndedByTheRunOnly() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .andThenAPublished(by(asked(new AnswerTimeout.Unlimited())))
        .whenTimeElapses(TIMEOUT)
        .expectNoDispatchedCommands();
  }

  @Test
  void anAnswerEndsTheWait() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .andThenAPublished(by(asked(new AnswerTimeout.Limited(TIMEOUT))))
        .andThenAPublished(
            by(
                new PermissionDecided(
                    SESSION, ACTION, Decision.ALLOW, "digest", Content.ABSENT, Content.ABSENT)))
        .whenTimeElapses(TIMEOUT)
        .expectNoDispatchedCommands();
  }

  @Test
  void theEndOfTheRunEndsEveryWait() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .andThenAPublished(by(asked(new AnswerTimeout.Limited(TIMEOUT))))
        .andThenAPublished(by(new ActionExpired(SESSION, ACTION, Expiry.RUN_ENDED)))
        .whenPublishingA(by(new RunInterrupted(SESSION, RUN, NOTHING_USED)))
        .expectActiveSagas(0)
        .expectNoScheduledDeadlines();
  }

  @Test
  void aPausedRunWaitsForABudgetWithoutLimit() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .whenPublishingA(by(new RunPaused(SESSION, RUN, NOTHING_USED)))
        .expectActiveSagas(1)
        .expectNoScheduledDeadlines();
  }

  @Test
  void aRunThatGoesOnHasItsWholeTimeAgain() throws Exception {
    saga.givenAPublished(by(issued(QUERY, RUN, "hi")))
        .andThenAPublished(by(new RunPaused(SESSION, RUN, NOTHING_USED)))
        .andThenTimeElapses(OPTIONS.timeout().multipliedBy(2))
        .andThenAPublished(by(new RunResumed(SESSION, RUN, QUERY, 2, 1)))
        .whenTimeElapses(OPTIONS.timeout().plus(GRACE))
        .expectDispatchedCommands(OVER_TIME);
  }
}
