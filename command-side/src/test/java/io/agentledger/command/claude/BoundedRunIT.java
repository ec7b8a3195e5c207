package io.agentledger.command.claude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.session.ActionEvent.ActionExpired;
import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.ActionEvent.PermissionDecided;
import io.agentledger.api.session.ActionEvent.PermissionRequested;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.OutputEvent.ContextCompacted;
import io.agentledger.api.session.OutputEvent.ToolCalled;
import io.agentledger.api.session.OutputEvent.ToolReturned;
import io.agentledger.api.session.RunEvent.RunCompleted;
import io.agentledger.api.session.RunEvent.RunFailed;
import io.agentledger.api.session.RunEvent.RunInterrupted;
import io.agentledger.api.session.RunEvent.StopReason;
import io.agentledger.api.session.RunWishes;
import io.agentledger.api.session.SessionCommand.Submit;
import io.agentledger.api.session.TurnEvent.TurnFinished;
import io.agentledger.api.session.TurnEvent.TurnRetried;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of the real CLI that are bounded, held up, cut short, or summed up. */
class BoundedRunIT extends RunnerHouse {

  @Test
  void aRunThatReachesItsTurnsEndsWithThatReasonAndTheNextOneHasItsOwn() {
    open(new RunWishes(null, null, null, null, 2, null));
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
        new RunWishes(
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
    PermissionRequested asked = awaitFact(PermissionRequested.class);
    say(new Input.Interrupt());
    awaitFact(RunInterrupted.class);
    assertThat(facts(ActionExpired.class))
        .extracting(ActionExpired::actionId)
        .containsExactly(asked.actionId());
    assertThatThrownBy(
            () -> say(new Input.Decide(asked.actionId(), Decision.ALLOW, null, null, null)))
        .isNotNull();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
  }

  @Test
  void aNoAndAnInterruptInOneRequestEndTheRun() {
    open();
    ask("scenario: ask-write");
    PermissionRequested asked = awaitFact(PermissionRequested.class);
    send(
        new Submit(
            session,
            List.of(
                new Input.Decide(asked.actionId(), Decision.DENY, null, null, "stop it"),
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
