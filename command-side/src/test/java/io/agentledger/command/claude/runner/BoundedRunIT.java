package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.ContextCompacted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.StopReason;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.event.TurnEvent.TurnRetried;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of the real CLI that are bounded, held up, cut short, or summed up. */
class BoundedRunIT extends RunnerTestSupport {

  @Test
  void aRunThatReachesItsTurnsEndsWithThatReasonAndTheNextOneHasItsOwn() {
    open(new RunOverrides(null, null, null, null, 2, null));
    ask("scenario: nonce");
    RunCompleted completed = awaitFact(RunCompleted.class);
    assertThat(completed.stopReason()).isEqualTo(StopReason.MAX_TURNS);
    assertThat(facts(TurnFinished.class)).hasSize(2);
    assertThat(facts(ToolReturned.class)).hasSameSizeAs(facts(ToolCalled.class));

    ask("scenario: text");
    assertThat(awaitFacts(RunCompleted.class, 2).getLast().stopReason())
        .isEqualTo(StopReason.COMPLETED);
  }

  @Test
  void aModelThatIsOverloadedTwiceIsOnTheRecordAsTwoRetries() {
    open();
    ask("scenario: error-529");
    assertThat(result(awaitFact(RunCompleted.class)))
        .isEqualTo("After two overloads I can answer.");
    assertThat(facts(TurnRetried.class)).hasSize(2).allMatch(retry -> retry.status() == 529);
    assertThat(facts(RunFailed.class)).isEmpty();
  }

  @Test
  void aModelThatStaysOverloadedIsReplacedByTheFallback() {
    open(
        new RunOverrides(
            "claude-opus-4-6", null, null, null, null, null, "claude-haiku-4-5", null, null));
    ask(
        """
        ```rehearsal
        - fail: {status: 529, times: 3, message: Overloaded}
          say: "I stand in."
        ```
        """);
    assertThat(result(awaitFact(RunCompleted.class))).isEqualTo("I stand in.");
    assertThat(facts(TurnFinished.class).getLast().model()).isEqualTo("claude-haiku-4-5");
  }

  @Test
  void aConversationThatIsSummedUpSaysSoAndGoesOn() {
    open();
    ask("scenario: nonce");
    awaitFact(RunCompleted.class);
    ask("/compact");
    awaitFacts(RunCompleted.class, 2);
    ContextCompacted compacted = awaitFact(ContextCompacted.class);
    assertThat(compacted.trigger()).isEqualTo("manual");
    assertThat(compacted.tokensBefore()).isPositive();
    ask("scenario: text");
    assertThat(result(awaitFacts(RunCompleted.class, 3).getLast())).isNotBlank();
  }

  @Test
  void anInterruptWithdrawsWhatIsAskedAndItCannotBeAnsweredAnyMore() {
    open();
    ask("scenario: ask-write");
    PermissionRequested request = awaitFact(PermissionRequested.class);
    say(new Input.Interrupt());
    awaitFact(RunInterrupted.class);
    assertThat(facts(ActionExpired.class))
        .extracting(ActionExpired::actionId)
        .containsExactly(request.actionId());
    assertThatThrownBy(
            () -> say(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null)))
        .isNotNull();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
  }

  @Test
  void aNoAndAnInterruptInOneRequestEndTheRun() {
    open();
    ask("scenario: ask-write");
    PermissionRequested request = awaitFact(PermissionRequested.class);
    send(
        new SubmitInputs(
            session,
            List.of(
                new Input.Decide(request.actionId(), Decision.DENY, null, null, "stop it"),
                new Input.Interrupt()),
            null));
    awaitFact(RunInterrupted.class);
    assertThat(facts(PermissionDecided.class))
        .extracting(PermissionDecided::decision)
        .containsExactly(Decision.DENY);
    assertThat(facts(RunCompleted.class)).isEmpty();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
  }
}
