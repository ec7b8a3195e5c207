package io.agentledger.command.claude.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SourcePosition;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.Role;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunTotals;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.api.shared.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Time since which a run waits for the model API, from its events. */
class RunStateTest {
  private static final SessionId SESSION = SessionId.next();
  private static final RunId RUN = RunId.next();
  private static final ThreadId MAIN = ThreadId.next();
  private static final SourcePosition POSITION =
      new SourcePosition(ProcessId.next(), 1, SourcePosition.Source.JOURNAL, 100);
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private final RunStates runs = new RunStates();

  @BeforeEach
  void issue() {
    var options =
        new RunOptions("m", PermissionMode.DEFAULT, List.of(), List.of(), 1, Duration.ofHours(1));
    runs.onIssued(
        new QueryIssued(
            SESSION, QueryId.next(), RUN, QueryEvent.Cause.USER, options, Content.ABSENT),
        new Provenance(TenantId.next(), Actor.SERVICE, CredentialId.next(), "req_1"));
  }

  private void retry(int httpStatus, Instant at) {
    runs.on(
        new TurnRetried(
            SESSION, RUN, MAIN, POSITION, 1, 10, Duration.ofSeconds(1), httpStatus, "x"),
        at);
  }

  private static RunFailed failed() {
    var totals = new RunTotals(Usage.ZERO, Money.ZERO, Duration.ZERO, 0, List.of());
    return new RunFailed(SESSION, RUN, Failure.MODEL, true, totals, Content.ABSENT);
  }

  private void message(MessageOrigin origin) {
    runs.on(
        new MessageReceived(
            SESSION,
            RUN,
            MAIN,
            POSITION,
            MessageId.next(),
            0,
            Role.ASSISTANT,
            origin,
            "text",
            Content.ABSENT,
            Usage.ZERO),
        NOON);
  }

  private Optional<Instant> unansweredSince() {
    return runs.find(RUN).orElseThrow().unansweredSince();
  }

  @Test
  void outageBeginsWithTheFirstFailureAndEndsWithAMessageOfTheModel() {
    assertThat(unansweredSince()).isEmpty();
    retry(502, NOON);
    retry(0, NOON.plusSeconds(9));
    message(MessageOrigin.CLI);
    assertThat(unansweredSince()).hasValue(NOON);
    message(MessageOrigin.MODEL);
    assertThat(unansweredSince()).isEmpty();
  }

  @Test
  void outageLastsOverAttemptsAndEndsWithAnAnswerThatBlamesTheRequest() {
    retry(502, NOON);
    runs.find(RUN).orElseThrow().onFailed(failed());
    assertThat(unansweredSince()).hasValue(NOON);
    retry(429, NOON.plusSeconds(9));
    assertThat(unansweredSince()).isEmpty();
  }

  @Test
  void runThatWaitsForItsBudgetWaitsForNoModel() {
    retry(502, NOON);
    runs.find(RUN).orElseThrow().pause();
    assertThat(unansweredSince()).isEmpty();
  }
}
