package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.command.TenantCommand.SuspendTenant;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ArchiveSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.DeleteSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.ExpireSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.RestoreSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.UnpauseSession;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** End of the CLI's process and of the agent's background commands, with the real CLI. */
class ProcessEndingIT extends HeartbeatTestSupport {
  private static final RunOverrides BACKGROUND =
      new RunOverrides(null, PermissionMode.DONT_ASK, List.of("Bash"), null, null, null);

  private static final List<String> END_EVENTS =
      List.of("TaskStopRequested", "TasksLeftRunning", "TaskEnded");

  private static final EscapeReport REPORT =
      new EscapeReport("processending-report.md", List.of("background commands, ended by whom"));

  @AfterAll
  static void writeReport() throws IOException {
    REPORT.write();
  }

  private void report(String ending, String defence) {
    REPORT.add(
        "keeps a background command alive after " + ending,
        heartbeats().replace(nonce, "N"),
        "gone, with " + eventNames().stream().filter(END_EVENTS::contains).toList(),
        "alive before",
        defence);
  }

  /** Ways to end a session's process, and to continue the session afterwards. */
  enum Ending {
    CLOSE,
    DELETE,
    ARCHIVE,
    PAUSE,
    EXPIRE,
    TRANSFER
  }

  @ParameterizedTest
  @EnumSource
  void processGroupEndsWithItsSession(Ending ending) {
    openWithHeartbeats();
    List<ProcessHandle> tree = processTree();
    end(ending);
    awaitGone(tree);
    await().until(() -> pool.find(session).isEmpty());
    report(ending.name().toLowerCase(Locale.ROOT), "the process group ends, by the record");
  }

  private void end(Ending ending) {
    switch (ending) {
      case CLOSE -> send(new CloseSession(session));
      case DELETE -> send(new DeleteSession(session));
      case ARCHIVE -> send(new ArchiveSession(session));
      case PAUSE -> send(new PauseSession(session));
      case EXPIRE ->
          await()
              .until(
                  () -> {
                    send(new ExpireSession(session, events().size()));
                    return eventNames().contains("SessionExpired");
                  });
      case TRANSFER -> send(new TransferSession(session, member()));
    }
  }

  private void sendAs(Caller caller, Object command) {
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(command)
            .withMetaData(caller.asMetadata("req_test")));
  }

  @Test
  void processesOfASuspendedTenantEndWithTheirBackgroundCommands() {
    openWithHeartbeats();
    List<ProcessHandle> tree = processTree();
    var operator = Caller.localOwner(TenantId.next(), UserId.next(), CredentialId.next());
    sendAs(operator, new CreateTenant(ADA.tenant(), new DisplayName("Engines"), null));
    sendAs(operator, new SuspendTenant(ADA.tenant(), null));
    try {
      awaitGone(tree);
      await().until(() -> pool.find(session).isEmpty());
      assertThat(events(RunStarted.class)).hasSize(1);
    } finally {
      sendAs(operator, new ResumeTenant(ADA.tenant(), null));
    }
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @EnumSource(names = {"ARCHIVE", "PAUSE", "TRANSFER"})
  void sessionGoesOnWithItsConversationInAnotherProcess(Ending ending) {
    openShared("goes on", () -> open(BASH));
    beginHeartbeats();
    List<ProcessHandle> tree = processTree();
    end(ending);
    awaitGone(tree);
    switch (ending) {
      case ARCHIVE -> send(new RestoreSession(session));
      case PAUSE -> send(new UnpauseSession(session));
      default -> {}
    }
    var before = events(RunStarted.class).getLast().execution().processId();
    nextQueryIsAnswered();
    assertThat(events(RunStarted.class).getLast().execution().processId()).isNotEqualTo(before);
    assertThat(isBeating()).isFalse();
  }

  @Test
  void pauseLetsTheRunInProgressEndAndThenEndsItsProcess() throws IOException {
    open(BASH);
    submitQuery(
        startHeartbeats()
            .replace(
                "- say: \"It beats.\"",
                """
                - calls:
                    - tool: Bash
                      input: {command: "until [ -e /workspace/go ]; do sleep 0.1; done", description: wait}
                - say: "It beats."
                """
                    .strip()));
    awaitEvents(ToolCalled.class, 2);
    awaitBeating();
    List<ProcessHandle> tree = processTree();
    send(new PauseSession(session));
    await().during(2, SECONDS).atMost(60, SECONDS).until(this::isBeating);
    assertThat(events(RunCompleted.class)).isEmpty();
    go();
    awaitEvent(RunCompleted.class);
    awaitGone(tree);
  }

  private void go() throws IOException {
    Files.createFile(runDirectory.sessions().resolve(session.value()).resolve("work/go"));
  }

  @Test
  void interruptStopsBackgroundCommandsOfEarlierRuns() {
    openShared(() -> open(BASH));
    beginHeartbeats();
    submitInput(new Input.Interrupt());
    await().atMost(60, SECONDS).until(() -> !isBeating());
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
    nextQueryIsAnswered();
    assertThat(events(RunStarted.class))
        .extracting(started -> started.execution().processId())
        .containsOnly(events(RunStarted.class).getFirst().execution().processId());
    report("an interrupt", "the CLI stops each task");
  }

  @Test
  void interruptStopsTheRunWithItsBackgroundCommands() {
    openShared(() -> open(BASH));
    submitQuery(
        startHeartbeats()
            .replace(
                "- say: \"It beats.\"",
                """
                - calls:
                    - tool: Bash
                      input: {command: "sleep 600", timeout: 600000, description: wait}
                - say: "It beats."
                """
                    .strip()));
    awaitBeating();
    awaitEvents(ToolCalled.class, 2);
    submitInput(new Input.Interrupt());
    awaitEvent(RunInterrupted.class);
    await().atMost(60, SECONDS).until(() -> !isBeating());
    awaitEvent(TaskEnded.class);
    assertThat(events(TaskEnded.class))
        .extracting(TaskEnded::status)
        .containsOnly(TaskStatus.STOPPED);
    nextQueryIsAnswered();
  }

  @Test
  void interruptStopsABackgroundSubagentWithItsCommands() {
    openShared(() -> open(BASH));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Agent
              input:
                subagent_type: general-purpose
                description: wait
                run_in_background: true
                prompt: |
                  ```rehearsal
                  - calls:
                      - tool: Bash
                        input: {command: "%s", timeout: 600000, description: beat}
                  - say: "never said"
                  ```
        - say: "It goes on."
        ```
        """
            .formatted(heartbeats()));
    awaitEvent(RunCompleted.class);
    awaitBeating();
    submitInput(new Input.Interrupt());
    await().atMost(60, SECONDS).until(() -> !isBeating());
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
    nextQueryIsAnswered();
  }

  @Test
  void interruptOfAForegroundSubagentLeavesNothingToBeStopped() {
    openShared(() -> open(BASH));
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
                        input: {command: "%s", timeout: 600000, description: beat}
                  - say: "never said"
                  ```
        - say: "It goes on."
        ```
        """
            .formatted(heartbeats()));
    awaitBeating();
    submitInput(new Input.Interrupt());
    awaitEvent(RunInterrupted.class);
    await().atMost(60, SECONDS).until(() -> !isBeating());
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () -> assertThat(events(TaskEnded.class)).hasSameSizeAs(events(TaskStarted.class)));
    nextQueryIsAnswered();
  }

  @Test
  void tasksThatOutliveTheirRunAreRecordedAndContinue() {
    openWithHeartbeats();
    await()
        .untilAsserted(
            () -> assertThat(eventNames()).containsSubsequence("RunCompleted", "TasksLeftRunning"));
    assertThat(events(TaskEnded.class)).isEmpty();
    nextQueryIsAnswered();
    assertThat(isBeating()).isTrue();
  }

  @Test
  void backgroundExecutorEndsWhatStillRunsAtTheEndOfItsRun() {
    open(BACKGROUND);
    submitQuery(startHeartbeats());
    awaitEvent(TaskStarted.class);
    awaitEvent(RunCompleted.class);
    await().atMost(60, SECONDS).until(() -> !isBeating());
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
    assertThat(eventNames()).containsSubsequence("RunCompleted", "TasksLeftRunning", "TaskEnded");
    nextQueryIsAnswered();
    report("a run with executor background", "the process group ends with the run");
  }

  @Test
  void journalGoesWithItsProcess() throws IOException {
    open();
    nextQueryIsAnswered();
    Path directory = pool.find(session).orElseThrow().context().process().directory();
    assertThat(directory.resolve("out")).exists();
    send(new PauseSession(session));
    await().atMost(60, SECONDS).until(() -> Files.notExists(directory));
    send(new UnpauseSession(session));
    nextQueryIsAnswered();
  }
}
