package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.Attachment;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.QueryId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.OutputEvent.SubagentFinished;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.FilesAttached;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Changes by users during a run, with the real CLI. */
class ControlRunIT extends RunnerTestSupport {
  private static final RunOverrides HANDS =
      new RunOverrides(null, null, List.of("Bash", "Agent"), null, null, null);

  @Test
  void newModelAppliesFromTheNextQueryInTheSameProcess() {
    open();
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 1);
    submitInput(new Input.SetModel("claude-haiku-4-5"));
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 2);
    var started = events(RunStarted.class);
    assertThat(started.getLast().requestedModel()).isEqualTo("claude-haiku-4-5");
    assertThat(started.getLast().execution().processId())
        .isEqualTo(started.getFirst().execution().processId());
    assertThat(events(RunInitialized.class).getLast().model()).isEqualTo("claude-haiku-4-5");
  }

  @Test
  void permissionModeChangesDuringARun() {
    open();
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Write
              input: {file_path: /home/agent/one.txt, content: "1"}
        - calls:
            - tool: Write
              input: {file_path: /workspace/two.txt, content: "2"}
        - say: "One is there."
        ```
        """);
    var request = awaitEvent(PermissionRequested.class);
    submitInput(new Input.SetPermissionMode(PermissionMode.PLAN));
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
    awaitEvent(RunCompleted.class);
    assertThat(events(PermissionRequested.class)).hasSize(1);
    assertThat(events(ToolCalled.class))
        .extracting(ToolCalled::verdict)
        .containsExactly(Verdict.ASKED, Verdict.DENIED);
  }

  @Test
  void backgroundCommandIsStoppedAndTheSessionBecomesIdle() {
    open(HANDS);
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "sleep 600", run_in_background: true, description: wait}
        - say: "It waits."
        ```
        """);
    awaitEvent(RunCompleted.class);
    var task = awaitEvent(TaskStarted.class);
    assertThat(task.taskType()).isEqualTo("local_bash");
    submitInput(new Input.StopTask(task.taskId()));
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
    await().until(() -> events(ActivityChanged.class).getLast().activity() == Activity.IDLE);
    assertThatThrownBy(() -> submitInput(new Input.StopTask(task.taskId())))
        .hasMessageContaining("is not running");
    submitQuery("scenario: text");
    assertThat(awaitEvents(RunCompleted.class, 2)).isNotEmpty();
  }

  @Test
  void stoppedSubagentDoesNotEndItsRun() {
    openShared(() -> open(HANDS));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Agent
              input:
                subagent_type: general-purpose
                description: wait
                prompt: |
                  ```rehearsal
                  - calls:
                      - tool: Bash
                        input: {command: "sleep 600", timeout: 600000, description: wait}
                  - say: "never said"
                  ```
        - say: "It was stopped."
        ```
        """);
    var task = awaitEvent(TaskStarted.class);
    assertThat(task.taskType()).isEqualTo("local_agent");
    awaitEvents(ToolCalled.class, 2);
    submitInput(new Input.StopTask(task.taskId()));
    awaitEvent(RunCompleted.class);
    assertThat(events(TaskEnded.class))
        .extracting(TaskEnded::status)
        .containsOnly(TaskStatus.STOPPED);
    assertThat(events(SubagentFinished.class)).hasSize(1);
  }

  @Test
  void withdrawnQueryNeverRuns() {
    openShared(() -> open(HANDS));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Write
              input: {file_path: /home/agent/one.txt, content: "1"}
        - say: "Done."
        ```
        """);
    var request = awaitEvent(PermissionRequested.class);
    submitQuery("scenario: text");
    var queued = awaitEvent(QueryQueued.class);
    submitInput(new Input.Withdraw(queued.queryId()));
    assertThatThrownBy(() -> submitInput(new Input.Withdraw(queued.queryId())))
        .hasMessageContaining("is not queued");
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
    awaitEvent(RunCompleted.class);
    submitQuery("scenario: text");
    awaitEvents(RunCompleted.class, 2);
    assertThat(events(RunStarted.class))
        .extracting(RunStarted::runId)
        .doesNotContain(queued.runId())
        .hasSize(2);
  }

  @Test
  void attachmentIsRecordedAndTheQueryIsAnswered() {
    openShared(() -> open(HANDS));
    var note =
        new Attachment(Attachment.AttachmentType.DOCUMENT, Attachment.TEXT, "Notes", "A note.");
    submitInput(
        new Input.Prompt(
            QueryId.next(),
            RunId.next(),
            QueryEvent.Cause.USER,
            "scenario: text",
            RunOverrides.NONE,
            List.of(note)));
    awaitEvent(RunCompleted.class);
    var attached = events(FilesAttached.class).getFirst();
    assertThat(attached.files())
        .containsExactly(new Attachment.Label(note.type(), note.mediaType(), 7));
    assertThat(sealer.open(session, FilesAttached.class, "blocks", attached.blocks()))
        .contains("A note.");
  }

  @Test
  void slowCommandMovesToTheBackgroundAndItsRunContinues() {
    open(HANDS);
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "sleep 600", timeout: 600000, description: wait}
        - say: "It goes on."
        ```
        """);
    var call = awaitEvent(ToolCalled.class);
    submitInput(new Input.SendToBackground(call.toolCallId()));
    assertThat(result(awaitEvent(RunCompleted.class))).contains("It goes on.");
    assertThat(events(BackgroundRequested.class).getFirst().toolCallIds())
        .containsExactly(call.toolCallId());
    var task = awaitEvent(TaskStarted.class);
    assertThat(task.taskType()).isEqualTo("local_bash");
    assertThat(events(TaskEnded.class)).isEmpty();
    assertThatThrownBy(() -> submitInput(new Input.SendToBackground(call.toolCallId())))
        .hasMessageContaining("is not running");
    submitInput(new Input.StopTask(task.taskId()));
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
  }

  @Test
  void runningSubagentMovesToTheBackground() {
    open(HANDS);
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Agent
              input:
                subagent_type: general-purpose
                description: wait
                prompt: |
                  ```rehearsal
                  - calls:
                      - tool: Bash
                        input: {command: "sleep 600", timeout: 600000, description: wait}
                  - say: "never said"
                  ```
        - say: "It goes on."
        ```
        """);
    var calls = awaitEvents(ToolCalled.class, 2);
    submitInput(new Input.SendToBackground(calls.getFirst().toolCallId()));
    assertThat(result(awaitEvent(RunCompleted.class))).contains("It goes on.");
    var tasks = events(TaskStarted.class);
    assertThat(tasks).extracting(TaskStarted::taskType).contains("local_agent");
    assertThat(events(TaskEnded.class)).isEmpty();
  }
}
