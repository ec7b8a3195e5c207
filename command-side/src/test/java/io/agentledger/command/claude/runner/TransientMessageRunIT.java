package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.MessageId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.Thinking;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.OutputEvent.MessageReceived;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentStarted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.stream.ProgressFrame;
import io.agentledger.api.session.stream.StreamItem;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the real CLI says by the way is seen while it lasts; who refused is on the record. */
class TransientMessageRunIT extends RunnerTestSupport {
  private static final RunOverrides HANDS =
      new RunOverrides(null, null, List.of("Bash", "Agent"), null, null, null);

  private List<StreamItem> glimpses(String about) {
    return frames.stream()
        .filter(
            frame ->
                frame.body() instanceof ProgressFrame progress && progress.about().equals(about))
        .toList();
  }

  private List<ProgressFrame> seen(String about) {
    return glimpses(about).stream().map(frame -> (ProgressFrame) frame.body()).toList();
  }

  private ProgressFrame awaitGlimpse(String about) {
    await().atMost(30, SECONDS).until(() -> !seen(about).isEmpty());
    return seen(about).getFirst();
  }

  @Test
  void aToolThatTakesLongIsSeenAtWorkUntilItComesBack() {
    open(HANDS);
    RunId run =
        ask(
            """
            ```rehearsal
            - calls:
                - tool: Bash
                  input: {command: "sleep 4", description: wait}
            - say: "Waited."
            ```
            """);
    awaitFact(RunCompleted.class);
    var call = awaitFact(ToolCalled.class);
    assertThat(glimpses("tool"))
        .hasSizeBetween(2, 5)
        .allMatch(frame -> !frame.isFact() && run.equals(frame.runId()))
        .allMatch(frame -> call.threadId().equals(frame.threadId()));
    assertThat(seen("tool"))
        .allMatch(
            progressFrame ->
                call.toolCallId().equals(progressFrame.toolCallId())
                    && "Bash".equals(progressFrame.tool()))
        .extracting(ProgressFrame::elapsedMs)
        .isSorted()
        .allMatch(elapsed -> elapsed >= 1000);
    assertThat(facts(ToolReturned.class)).hasSize(1);
    long toolsSeen = seen("tool").size();
    ask("scenario: text");
    awaitFacts(RunCompleted.class, 2);
    assertThat(seen("tool")).hasSize((int) toolsSeen);
  }

  @Test
  void whatASubagentIsAtIsSeenOnItsLane() {
    open(HANDS);
    ask(
        """
        ```rehearsal
        - calls:
            - tool: Agent
              input:
                subagent_type: general-purpose
                description: look
                prompt: |
                  ```rehearsal
                  - calls:
                      - tool: Bash
                        input: {command: "echo one", description: say one}
                  - say: "Seen."
                  ```
        - say: "It has looked."
        ```
        """);
    awaitFact(RunCompleted.class);
    var started = awaitFact(SubagentStarted.class);
    var first = awaitGlimpse("task");
    assertThat(glimpses("task").getFirst().threadId()).isEqualTo(started.threadId());
    assertThat(first.toolCallId()).isEqualTo(started.toolCallId());
    assertThat(first.tool()).isEqualTo("Bash");
    assertThat(first.calls()).isPositive();
    assertThat(first.tokens()).isPositive();
    assertThat(first.text()).isNotBlank();
    assertThat(first.taskId()).isNotBlank();
  }

  @Test
  void howMuchIsThoughtIsSeenAndNotForEveryPieceOfIt() {
    open(
        new RunOverrides(
            "claude-opus-4-8", null, null, null, null, null, null, new Thinking.Adaptive(), null));
    ask(
        """
        ```rehearsal
        - think: "I think about this and that, and about what else there may be to think about."
          say: "Thought."
          pace: {pause: 100ms, size: 4}
        ```
        """);
    awaitFact(RunCompleted.class);
    assertThat(seen("thinking"))
        .isNotEmpty()
        .hasSizeLessThan(6)
        .allMatch(progressFrame -> progressFrame.tokens() != null && progressFrame.tokens() > 0);
  }

  @Test
  void thatTheModelIsAskedAndThatRoomIsMadeIsSeen() {
    open();
    ask("scenario: nonce");
    awaitFact(RunCompleted.class);
    assertThat(seen("state")).extracting(ProgressFrame::state).contains("requesting");
    ask("/compact");
    awaitFacts(RunCompleted.class, 2);
    assertThat(seen("state"))
        .extracting(ProgressFrame::state)
        .containsSubsequence("compacting", "compacted");
  }

  @Test
  void whyNoRoomCouldBeMadeIsSeen() {
    open();
    ask("scenario: text");
    ask("/compact");
    awaitFacts(RunCompleted.class, 2);
    var failed =
        seen("state").stream()
            .filter(progressFrame -> "not_compacted".equals(progressFrame.state()))
            .findFirst();
    assertThat(failed.orElseThrow().text()).contains("Not enough messages");
  }

  @Test
  void thatTheAgentPlansIsSeen() {
    open();
    ask("scenario: slow-text");
    awaitFact(RunInitialized.class);
    say(new Input.SetPermissionMode(PermissionMode.PLAN));
    await()
        .atMost(30, SECONDS)
        .untilAsserted(
            () -> assertThat(seen("state")).extracting(ProgressFrame::state).contains("planning"));
    say(new Input.Interrupt());
  }

  @Test
  void aCommandThatTheCliAnswersByItselfIsOnTheRecord() {
    open();
    ask("/context");
    assertThat(result(awaitFact(RunCompleted.class))).contains("Context Usage");
    assertThat(facts(MessageReceived.class))
        .singleElement()
        .satisfies(
            said ->
                assertThat(sealer.open(session, MessageReceived.class, "block", said.block()))
                    .contains("Context Usage"));
  }

  @Test
  void aModelThatRefusesIsOnTheRecordWithTheOneThatTakesOver() {
    open(new RunOverrides("claude-fable-5", null, null, null, null, null));
    ask(
        """
        ```rehearsal
        - choose:
            - if: {model: claude-fable-5}
              say: "I would"
              refuse: {category: cyber, explanation: "Not this."}
            - say: "I do it."
        ```
        """);
    assertThat(result(awaitFact(RunCompleted.class))).isEqualTo("I do it.");
    var refused = awaitFact(ModelRefused.class);
    assertThat(refused.model()).isEqualTo("claude-fable-5");
    assertThat(refused.fallback()).startsWith("claude-opus");
    assertThat(refused.category()).isEqualTo("cyber");
    assertThat(sealer.open(session, ModelRefused.class, "explanation", refused.explanation()))
        .isEqualTo("Not this.");
    List<MessageId> said =
        facts(MessageReceived.class).stream().map(MessageReceived::messageId).toList();
    assertThat(refused.retracted()).containsExactly(said.getFirst());
    assertThat(said).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aRefusalThatNobodyTakesOverEndsTheRunAndSaysWhy() {
    open();
    ask(
        """
        ```rehearsal
        - say: "I would"
          refuse: {category: bio, explanation: "Nor this."}
        ```
        """);
    assertThat(awaitFact(RunFailed.class).failure()).isEqualTo(Failure.MODEL);
    var refused = awaitFact(ModelRefused.class);
    assertThat(refused.fallback()).isEmpty();
    assertThat(refused.category()).isEqualTo("bio");
    assertThat(refused.retracted()).isEmpty();
    ask("scenario: text");
    awaitFact(RunCompleted.class);
  }
}
