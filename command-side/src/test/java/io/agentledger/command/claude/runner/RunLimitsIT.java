package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.MessageOrigin;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import io.agentledger.command.claude.run.ProcessSupervisor;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of the real CLI that are limited, delayed, interrupted or compacted. */
class RunLimitsIT extends RunnerTestSupport {

  @Test
  void runAtItsTurnLimitEndsWithThatReasonAndTheNextRunHasItsOwnLimit() {
    open(new RunOverrides(null, null, null, null, 2, null));
    submitQuery(
        """
        ```rehearsal
        - say: "First I look."
          calls: [{tool: Bash, input: {command: ls, description: look}}]
        - say: "Then I look again."
          calls: [{tool: Bash, input: {command: ls, description: look}}]
        - say: "This is not reached."
        ```
        """);
    RunCompleted completed = awaitEvent(RunCompleted.class);
    assertThat(completed.stopReason()).isEqualTo(StopReason.MAX_TURNS);
    assertThat(result(completed)).isEqualTo("Then I look again.");
    assertThat(events(TurnFinished.class)).hasSize(2);
    assertThat(events(ToolReturned.class)).hasSameSizeAs(events(ToolCalled.class));

    submitQuery("scenario: text");
    assertThat(awaitEvents(RunCompleted.class, 2).getLast().stopReason())
        .isEqualTo(StopReason.COMPLETED);
  }

  @Test
  void twoOverloadedResponsesAreRecordedAsTwoRetries() {
    openShared();
    submitQuery("scenario: error-529");
    assertThat(result(awaitEvent(RunCompleted.class)))
        .isEqualTo("After two overloads I can answer.");
    assertThat(events(TurnRetried.class)).hasSize(2).allMatch(retry -> retry.httpStatus() == 529);
    assertThat(events(RunFailed.class)).isEmpty();
  }

  @Test
  void overloadedModelIsReplacedByTheFallback() {
    open(
        new RunOverrides(
            "claude-opus-4-6", null, null, null, null, null, "claude-haiku-4-5", null, null, null));
    submitQuery(
        """
        ```rehearsal
        - fail: {status: 529, times: 3, message: Overloaded}
          say: "I stand in."
        ```
        """);
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("I stand in.");
    assertThat(events(TurnFinished.class).getLast().model()).isEqualTo("claude-haiku-4-5");
  }

  @Test
  void refusedKeyEndsTheRunAtOnceAndSaysWhatToDo() {
    openShared();
    submitQuery("scenario: error-401");
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(events(TurnRetried.class)).isEmpty(); // The CLI alone retries for three minutes.
    assertThat(failed.failure()).isEqualTo(Failure.MODEL_REFUSED);
    assertThat(failed.retrying()).isFalse();
    assertThat(error(failed))
        .contains("The model API refused the service's key (401)", "ANTHROPIC_API_KEY");
  }

  @Test
  void outageOfTheModelEndsTheRunAtItsBoundWithTheReason() {
    openShared();
    submitQuery(
        """
        ```rehearsal
        - fail: {status: 502, message: Bad gateway}
        ```
        """);
    awaitEvent(TurnRetried.class);
    Instant beganAt = Instant.now();
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(Duration.between(beganAt, Instant.now()))
        .isBetween(Duration.ofSeconds(9), Duration.ofSeconds(15));
    assertThat(failed.failure()).isEqualTo(Failure.MODEL);
    assertThat(failed.retrying()).isFalse();
    assertThat(error(failed)).contains("The model API answered 502", "12 seconds");

    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
  }

  private String error(RunFailed failed) {
    return sealer.open(session, RunFailed.class, "error", failed.error());
  }

  @Test
  void compactedConversationIsRecordedAndContinues() {
    open();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    submitCommand("compact", "");
    awaitEvents(RunCompleted.class, 2);
    ContextCompacted compacted = awaitEvent(ContextCompacted.class);
    assertThat(compacted.trigger()).isEqualTo("manual");
    assertThat(compacted.tokensBefore()).isPositive();
    submitQuery("scenario: text");
    assertThat(result(awaitEvents(RunCompleted.class, 3).getLast())).isNotBlank();
  }

  /** The CLI ends the turn before it requests a permission. */
  @ParameterizedTest
  @ValueSource(strings = {"Read", "Write"})
  void agentIsToldThatNoPathContainsANul(String tool) {
    openShared();
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: %s
              input: {file_path: "/workspace/a\\0b", content: "x"}
        - say: "It is done."
        ```
        """
            .formatted(tool));
    assertThat(result(awaitEvent(RunCompleted.class))).contains("NUL character");
    RunFailed failed = awaitEvent(RunFailed.class);
    assertThat(failed.retrying()).isTrue();
    assertThat(error(failed)).contains("a path that contains a NUL character");
  }

  @Test
  void compactionRecordsNoMessageTwice() {
    open();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    submitCommand("context", "");
    awaitEvents(RunCompleted.class, 2);
    submitCommand("compact", ""); // The CLI keeps the latest messages, and repeats their lines.
    awaitEvents(RunCompleted.class, 3);
    awaitEvent(ContextCompacted.class);
    assertThat(events(MessageReceived.class))
        .filteredOn(received -> received.origin() == MessageOrigin.CLI)
        .hasSize(1);
  }

  @Test
  void interruptWithdrawsPendingActionsWhichCannotBeAnsweredAnymore() {
    openShared();
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    submitInput(new Input.Interrupt());
    awaitEvent(RunInterrupted.class);
    assertThat(events(ActionExpired.class))
        .extracting(ActionExpired::actionId)
        .containsExactly(request.actionId());
    assertThatThrownBy(
            () ->
                submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null)))
        .isNotNull();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
  }

  @Test
  void denialWithInterruptEndsTheRun() {
    openShared();
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    send(
        new SubmitInputs(
            session,
            List.of(
                new Input.Decide(request.actionId(), Decision.DENY, null, null, "stop it"),
                new Input.Interrupt()),
            null));
    awaitEvent(RunInterrupted.class);
    assertThat(events(PermissionDecided.class))
        .extracting(PermissionDecided::decision)
        .containsExactly(Decision.DENY);
    assertThat(events(RunCompleted.class)).isEmpty();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
  }

  @Test
  void idleProcessThatIsEndedForALimitTakesNoRun() throws IOException {
    open();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    ProcessSupervisor idle = pool.find(session).orElseThrow();
    await().until(() -> !idle.isBusy());

    idle.killForLimit("The workspace used too much.");
    submitQuery("scenario: text");

    awaitEvents(RunCompleted.class, 2);
    assertThat(events(RunFailed.class)).isEmpty();
    assertThat(pool.find(session)).isPresent().get().isNotSameAs(idle);
  }
}
