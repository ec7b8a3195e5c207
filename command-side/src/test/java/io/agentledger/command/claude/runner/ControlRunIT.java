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
import io.agentledger.api.session.event.OutputEvent.TaskEnd;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
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

/** What people change while an agent is at work, through the real CLI. */
class ControlRunIT extends RunnerTestSupport {
  private static final RunOverrides HANDS =
      new RunOverrides(null, null, List.of("Bash", "Agent"), null, null, null);

  @Test
  void anotherModelIsAskedFromTheNextQueryOnByTheSameProcess() {
    open();
    ask("scenario: text");
    awaitFacts(RunCompleted.class, 1);
    say(new Input.SetModel("claude-haiku-4-5"));
    ask("scenario: text");
    awaitFacts(RunCompleted.class, 2);
    var started = facts(RunStarted.class);
    assertThat(started.getLast().requestedModel()).isEqualTo("claude-haiku-4-5");
    assertThat(started.getLast().machinery().processId())
        .isEqualTo(started.getFirst().machinery().processId());
    assertThat(facts(RunInitialized.class).getLast().model()).isEqualTo("claude-haiku-4-5");
  }

  @Test
  void whatIsAllowedUnaskedChangesInMidRun() {
    open();
    ask(
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
    var request = awaitFact(PermissionRequested.class);
    say(new Input.SetPermissionMode(PermissionMode.PLAN));
    say(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
    awaitFact(RunCompleted.class);
    assertThat(facts(PermissionRequested.class)).hasSize(1);
    assertThat(facts(ToolCalled.class))
        .extracting(ToolCalled::verdict)
        .containsExactly(Verdict.ASKED, Verdict.DENIED);
  }

  @Test
  void aCommandInTheBackgroundIsStoppedAndTheSessionRests() {
    open(HANDS);
    ask(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "sleep 600", run_in_background: true, description: wait}
        - say: "It waits."
        ```
        """);
    awaitFact(RunCompleted.class);
    var task = awaitFact(TaskStarted.class);
    assertThat(task.kind()).isEqualTo("local_bash");
    say(new Input.StopTask(task.taskId()));
    assertThat(awaitFact(TaskEnded.class).end()).isEqualTo(TaskEnd.STOPPED);
    await().until(() -> facts(ActivityChanged.class).getLast().activity() == Activity.IDLE);
    assertThatThrownBy(() -> say(new Input.StopTask(task.taskId())))
        .hasMessageContaining("No task");
    ask("scenario: text");
    assertThat(awaitFacts(RunCompleted.class, 2)).isNotEmpty();
  }

  @Test
  void aSubagentIsStoppedAndItsRunGoesOn() {
    open(HANDS);
    ask(
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
    var task = awaitFact(TaskStarted.class);
    assertThat(task.kind()).isEqualTo("local_agent");
    awaitFacts(ToolCalled.class, 2);
    say(new Input.StopTask(task.taskId()));
    awaitFact(RunCompleted.class);
    assertThat(facts(TaskEnded.class)).extracting(TaskEnded::end).containsOnly(TaskEnd.STOPPED);
    assertThat(facts(SubagentFinished.class)).hasSize(1);
  }

  @Test
  void aQueryThatWaitsIsTakenBackAndNeverRuns() {
    open();
    ask(
        """
        ```rehearsal
        - calls:
            - tool: Write
              input: {file_path: /home/agent/one.txt, content: "1"}
        - say: "Done."
        ```
        """);
    var request = awaitFact(PermissionRequested.class);
    ask("scenario: text");
    var queued = awaitFact(QueryQueued.class);
    say(new Input.Withdraw(queued.queryId()));
    assertThatThrownBy(() -> say(new Input.Withdraw(queued.queryId())))
        .hasMessageContaining("waits in the session");
    say(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
    awaitFact(RunCompleted.class);
    ask("scenario: text");
    awaitFacts(RunCompleted.class, 2);
    assertThat(facts(RunStarted.class))
        .extracting(RunStarted::runId)
        .doesNotContain(queued.runId())
        .hasSize(2);
  }

  @Test
  void whatIsAttachedIsOnTheRecordAndTheQueryIsAnswered() {
    open();
    var note = new Attachment(Attachment.Kind.DOCUMENT, Attachment.TEXT, "Notes", "A note.");
    say(
        new Input.Prompt(
            QueryId.next(),
            RunId.next(),
            QueryEvent.Cause.USER,
            "scenario: text",
            RunOverrides.NONE,
            List.of(note)));
    awaitFact(RunCompleted.class);
    var attached = facts(FilesAttached.class).getFirst();
    assertThat(attached.files())
        .containsExactly(new Attachment.Label(note.kind(), note.mediaType(), 7));
    assertThat(sealer.open(session, FilesAttached.class, "blocks", attached.blocks()))
        .contains("A note.");
  }

  @Test
  void aCommandThatTakesLongGoesOnInTheBackgroundAndItsRunWithTheNextThing() {
    open(HANDS);
    ask(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "sleep 600", timeout: 600000, description: wait}
        - say: "It goes on."
        ```
        """);
    var call = awaitFact(ToolCalled.class);
    say(new Input.SendToBackground(call.toolCallId()));
    assertThat(result(awaitFact(RunCompleted.class))).contains("It goes on.");
    assertThat(facts(BackgroundRequested.class).getFirst().toolCalls())
        .containsExactly(call.toolCallId());
    var task = awaitFact(TaskStarted.class);
    assertThat(task.kind()).isEqualTo("local_bash");
    assertThat(facts(TaskEnded.class)).isEmpty();
    assertThatThrownBy(() -> say(new Input.SendToBackground(call.toolCallId())))
        .hasMessageContaining("is not running");
    say(new Input.StopTask(task.taskId()));
    assertThat(awaitFact(TaskEnded.class).end()).isEqualTo(TaskEnd.STOPPED);
  }

  @Test
  void aSubagentThatIsAtWorkGoesOnInTheBackgroundToo() {
    open(HANDS);
    ask(
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
    var calls = awaitFacts(ToolCalled.class, 2);
    say(new Input.SendToBackground(calls.getFirst().toolCallId()));
    assertThat(result(awaitFact(RunCompleted.class))).contains("It goes on.");
    var tasks = facts(TaskStarted.class);
    assertThat(tasks).extracting(TaskStarted::kind).contains("local_agent");
    assertThat(facts(TaskEnded.class)).isEmpty();
  }
}
