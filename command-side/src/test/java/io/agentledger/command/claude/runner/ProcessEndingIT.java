package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunId;
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
import io.agentledger.api.shared.StableNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/** When the CLI's process and the agent's background commands end, with the real CLI. */
class ProcessEndingIT extends RunnerTestSupport {
  private static final RunOverrides BASH =
      new RunOverrides(null, null, List.of("Bash", "Agent"), null, null, null);
  private static final RunOverrides BACKGROUND =
      new RunOverrides(null, PermissionMode.DONT_ASK, List.of("Bash"), null, null, null);

  @Autowired private JdbcTemplate sql;

  private final String nonce = UUID.randomUUID().toString().substring(0, 8);

  /** A loop in the command itself, and one that leaves its process group and ignores signals. */
  private String heartbeats() {
    String loop = "while :; do date +%s%N >/workspace/NAME-NONCE; sleep 0.1; done";
    return ("nohup setsid bash -c 'trap \\\"\\\" TERM INT HUP; "
            + loop.replace("NAME", "daemon")
            + "' >/dev/null 2>&1 & "
            + loop.replace("NAME", "command"))
        .replace("NONCE", nonce);
  }

  private String startHeartbeats() {
    return """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "%s", run_in_background: true, description: beat}
        - say: "It beats."
        ```
        """
        .formatted(heartbeats());
  }

  private void openWithHeartbeats() {
    open(BASH);
    submitQuery(startHeartbeats());
    awaitEvent(RunCompleted.class);
    awaitBeating();
  }

  private void awaitBeating() {
    for (String name : List.of("command-", "daemon-")) {
      String first = await().until(() -> beat(name), beat -> !beat.isEmpty());
      await().until(() -> !beat(name).equals(first));
    }
  }

  private String beat(String name) {
    try {
      return workspaceFile(name + nonce).strip();
    } catch (IOException notYet) {
      return "";
    }
  }

  /** Keeper, sandbox, CLI and everything below. */
  private List<ProcessHandle> processTree() {
    long keeper = pool.find(session).orElseThrow().context().process().identity().pid();
    return ProcessHandle.of(keeper).stream()
        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
        .toList();
  }

  private boolean isBeating() {
    return ProcessHandle.allProcesses().anyMatch(process -> commandLine(process).contains(nonce));
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  private void awaitGone(List<ProcessHandle> tree) {
    assertThat(tree).hasSizeGreaterThan(3);
    await()
        .atMost(15, SECONDS)
        .untilAsserted(
            () -> {
              assertThat(tree).noneMatch(ProcessHandle::isAlive);
              assertThat(isBeating()).isFalse();
            });
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
  }

  private void nextQueryIsAnswered() {
    RunId run = submitQuery("scenario: text");
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(events(RunCompleted.class))
                    .as("%s", eventNames())
                    .anyMatch(completed -> completed.runId().equals(run)));
    events(RunCompleted.class).stream()
        .filter(completed -> completed.runId().equals(run))
        .forEach(completed -> assertThat(result(completed)).startsWith("Hello"));
  }

  private List<String> eventNames() {
    return events().stream().map(event -> StableNames.of(event.getClass())).toList();
  }

  /** What ends a session's process, and what lets the session go on after it. */
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

  private UserId member() {
    UserId bob = UserId.next();
    sql.update(
        "insert into identity_user (user_id, tenant, role, disabled) values (?, ?, ?, false)",
        bob.value(),
        ADA.tenant().value(),
        "MEMBER");
    return bob;
  }

  @ParameterizedTest
  @EnumSource(names = {"ARCHIVE", "PAUSE", "TRANSFER"})
  void sessionGoesOnWithItsConversationInAnotherProcess(Ending ending) {
    openWithHeartbeats();
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
  void pauseLetsTheRunInProgressEndAndThenEndsItsProcess() {
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
    awaitBeating();
    awaitEvents(ToolCalled.class, 2);
    List<ProcessHandle> tree = processTree();
    send(new PauseSession(session));
    await().during(2, SECONDS).atMost(10, SECONDS).until(this::isBeating);
    assertThat(events(RunCompleted.class)).isEmpty();
    go();
    awaitEvent(RunCompleted.class);
    awaitGone(tree);
  }

  private void go() {
    try {
      writeWorkspaceFile("go", "");
    } catch (IOException unwritable) {
      throw new IllegalStateException(unwritable);
    }
  }

  @Test
  void interruptStopsBackgroundCommandsOfEarlierRuns() {
    openWithHeartbeats();
    submitInput(new Input.Interrupt());
    await().atMost(15, SECONDS).until(() -> !isBeating());
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
    nextQueryIsAnswered();
    assertThat(events(RunStarted.class))
        .extracting(started -> started.execution().processId())
        .containsOnly(events(RunStarted.class).getFirst().execution().processId());
  }

  @Test
  void interruptStopsTheRunWithItsBackgroundCommands() {
    open(BASH);
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
    await().atMost(15, SECONDS).until(() -> !isBeating());
    awaitEvent(TaskEnded.class);
    assertThat(events(TaskEnded.class))
        .extracting(TaskEnded::status)
        .containsOnly(TaskStatus.STOPPED);
    nextQueryIsAnswered();
  }

  @Test
  void interruptStopsABackgroundSubagentWithItsCommands() {
    open(BASH);
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
    await().atMost(15, SECONDS).until(() -> !isBeating());
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
    nextQueryIsAnswered();
  }

  @Test
  void interruptOfAForegroundSubagentLeavesNothingToBeStopped() {
    open(BASH);
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
    await().atMost(15, SECONDS).until(() -> !isBeating());
    await()
        .atMost(15, SECONDS)
        .untilAsserted(
            () -> assertThat(events(TaskEnded.class)).hasSameSizeAs(events(TaskStarted.class)));
    nextQueryIsAnswered();
  }

  @Test
  void whatStillRunsAtTheEndOfARunIsRecordedAndGoesOn() {
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
    await().atMost(15, SECONDS).until(() -> !isBeating());
    assertThat(awaitEvent(TaskEnded.class).status()).isEqualTo(TaskStatus.STOPPED);
    assertThat(eventNames()).containsSubsequence("RunCompleted", "TasksLeftRunning", "TaskEnded");
    nextQueryIsAnswered();
  }

  @Test
  void journalGoesWithItsProcess() throws IOException {
    open();
    nextQueryIsAnswered();
    Path directory = pool.find(session).orElseThrow().context().process().directory();
    assertThat(directory.resolve("out")).exists();
    send(new PauseSession(session));
    await().atMost(15, SECONDS).until(() -> Files.notExists(directory));
    send(new UnpauseSession(session));
    nextQueryIsAnswered();
  }
}
