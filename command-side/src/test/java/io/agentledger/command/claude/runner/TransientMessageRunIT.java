package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.model.Usage;
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
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.stream.ProgressBody;
import io.agentledger.api.session.stream.StreamItem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Transient messages of the real CLI are published; refusals are recorded. */
class TransientMessageRunIT extends RunnerTestSupport {
  private static final RunOverrides HANDS =
      new RunOverrides(null, null, List.of("Bash", "Agent"), null, null, null);

  private void openWithHands() {
    openShared(() -> open(HANDS));
  }

  private List<StreamItem> progressItems(String progressType) {
    return frames.stream()
        .filter(
            frame ->
                frame.body() instanceof ProgressBody progress
                    && progress.progressType().equals(progressType))
        .toList();
  }

  private List<ProgressBody> progressOf(String progressType) {
    return progressItems(progressType).stream().map(frame -> (ProgressBody) frame.body()).toList();
  }

  private ProgressBody awaitProgress(String progressType) {
    await().atMost(60, SECONDS).until(() -> !progressOf(progressType).isEmpty());
    return progressOf(progressType).getFirst();
  }

  @Test
  void slowToolReportsProgressUntilItReturns() {
    openWithHands();
    RunId run =
        submitQuery(
            """
            ```rehearsal
            - calls:
                - tool: Bash
                  input: {command: "sleep 4", description: wait}
            - say: "Waited."
            ```
            """);
    awaitEvent(RunCompleted.class);
    var call = awaitEvent(ToolCalled.class);
    var items = progressItems("tool");
    assertThat(items)
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(frame -> !frame.hasEvent() && run.equals(frame.runId()))
        .allMatch(frame -> call.threadId().equals(frame.threadId()));
    for (int i = 1; i < items.size(); i++)
      assertThat(Duration.between(items.get(i - 1).at(), items.get(i).at()))
          .isGreaterThan(Duration.ofMillis(900)); // At most one a second.
    assertThat(progressOf("tool"))
        .allMatch(
            progressBody ->
                call.toolCallId().equals(progressBody.toolCallId())
                    && "Bash".equals(progressBody.tool()))
        .extracting(ProgressBody::elapsedMs)
        .isSorted()
        .allMatch(elapsed -> elapsed >= 1000);
    assertThat(events(ToolReturned.class)).hasSize(1);
    long toolsSeen = progressOf("tool").size();
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 2);
    assertThat(progressOf("tool")).hasSize((int) toolsSeen);
  }

  @Test
  void subagentProgressIsPublishedOnItsThread() {
    openWithHands();
    submitQuery(
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
    awaitEvent(RunCompleted.class);
    var started = awaitEvent(SubagentStarted.class);
    var first = awaitProgress("task");
    assertThat(progressItems("task").getFirst().threadId()).isEqualTo(started.threadId());
    assertThat(first.toolCallId()).isEqualTo(started.toolCallId());
    assertThat(first.tool()).isEqualTo("Bash");
    assertThat(first.calls()).isPositive();
    assertThat(first.tokens()).isPositive();
    assertThat(first.text()).isNotBlank();
    assertThat(first.taskId()).isNotBlank();
  }

  @Test
  void thinkingProgressIsThrottled() {
    open(
        new RunOverrides(
            "claude-opus-4-8",
            null,
            null,
            null,
            null,
            null,
            null,
            new Thinking.Adaptive(),
            null,
            null));
    submitQuery(
        """
        ```rehearsal
        - think: "I think about this and that, and about what else there may be to think about."
          say: "Thought."
          pace: {pause: 100ms, size: 4}
        ```
        """);
    awaitEvent(RunCompleted.class);
    assertThat(progressOf("thinking"))
        .isNotEmpty()
        .hasSizeLessThan(6)
        .allMatch(progressBody -> progressBody.tokens() != null && progressBody.tokens() > 0);
  }

  @Test
  void lastBlockOfAnAnswerHasTheUsageOfTheAnswer() {
    openWithHands();
    submitQuery(
        """
        ```rehearsal
        - say: "First a look."
          calls:
            - tool: Bash
              input: {command: "echo one", description: say one}
        - say: "Done."
        ```
        """);
    awaitEvent(RunCompleted.class);
    var turns = awaitEvents(TurnFinished.class, 2);
    var messages = events(MessageReceived.class);
    assertThat(messages)
        .extracting(MessageReceived::blockType)
        .containsExactly("text", "tool_use", "text");
    assertThat(messages)
        .extracting(MessageReceived::usage)
        .containsExactly(Usage.ZERO, turns.getFirst().usage(), turns.getLast().usage());
    assertThat(turns).allMatch(turn -> turn.usage().outputTokens() > 1);
  }

  @Test
  void modelRequestAndCompactionStatusArePublished() {
    openWithHands();
    submitQuery("scenario: nonce");
    awaitEvent(RunCompleted.class);
    assertThat(progressOf("status")).extracting(ProgressBody::status).contains("requesting");
    submitCommand("compact", "");
    awaitEvents(RunCompleted.class, 2);
    assertThat(progressOf("status"))
        .extracting(ProgressBody::status)
        .containsSubsequence("compacting", "compacted");
  }

  @Test
  void compactionFailureReasonIsPublished() {
    open();
    submitQuery("scenario: text");
    submitCommand("compact", "");
    awaitEvents(RunCompleted.class, 2);
    var failed =
        progressOf("status").stream()
            .filter(progressBody -> "not_compacted".equals(progressBody.status()))
            .findFirst();
    assertThat(failed.orElseThrow().text()).contains("Not enough messages");
  }

  @Test
  void planModeStatusIsPublished() {
    open();
    submitQuery("scenario: slow-text");
    awaitEvent(RunInitialized.class);
    submitInput(new Input.SetPermissionMode(PermissionMode.PLAN));
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(progressOf("status"))
                    .extracting(ProgressBody::status)
                    .contains("planning"));
    submitInput(new Input.Interrupt());
  }

  @Test
  void commandAnsweredByTheCliItselfIsRecorded() {
    openWithHands();
    submitCommand("context", "");
    assertThat(result(awaitEvent(RunCompleted.class))).contains("Context Usage");
    assertThat(events(MessageReceived.class))
        .singleElement()
        .satisfies(
            received ->
                assertThat(sealer.open(session, MessageReceived.class, "block", received.block()))
                    .contains("Context Usage"));
  }

  @Test
  void refusingModelIsRecordedWithItsFallback() {
    open(new RunOverrides("claude-fable-5", null, null, null, null, null));
    submitQuery(
        """
        ```rehearsal
        - choose:
            - if: {model: claude-fable-5}
              say: "I would"
              refuse: {category: cyber, explanation: "Not this."}
            - say: "I do it."
        ```
        """);
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("I do it.");
    var refused = awaitEvent(ModelRefused.class);
    assertThat(refused.model()).isEqualTo("claude-fable-5");
    assertThat(refused.fallbackModel()).startsWith("claude-opus");
    assertThat(refused.category()).isEqualTo("cyber");
    assertThat(sealer.open(session, ModelRefused.class, "explanation", refused.explanation()))
        .isEqualTo("Not this.");
    List<MessageId> output =
        events(MessageReceived.class).stream().map(MessageReceived::messageId).toList();
    assertThat(refused.retractedMessageIds()).containsExactly(output.getFirst());
    assertThat(output).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void refusalWithoutAFallbackEndsTheRunWithTheReason() {
    openWithHands();
    submitQuery(
        """
        ```rehearsal
        - say: "I would"
          refuse: {category: bio, explanation: "Nor this."}
        ```
        """);
    assertThat(awaitEvent(RunFailed.class).failure()).isEqualTo(Failure.MODEL);
    var refused = awaitEvent(ModelRefused.class);
    assertThat(refused.fallbackModel()).isEmpty();
    assertThat(refused.category()).isEqualTo("bio");
    assertThat(refused.retractedMessageIds()).isEmpty();
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
  }
}
