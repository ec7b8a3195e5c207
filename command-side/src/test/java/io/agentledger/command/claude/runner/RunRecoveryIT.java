package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.run.ProcessSupervisor;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/** Processes of a node after its restart, with the real CLI. */
class RunRecoveryIT extends HeartbeatTestSupport {
  private static final String WAIT =
      """
      - calls:
          - tool: Bash
            input: {command: "echo waited >>/workspace/nonce", description: wait}
      """;

  @Autowired private Sandbox sandbox;
  private @Nullable PolicyId policy;

  @Tag("exhaustive")
  @Test
  void nextStartOfTheServiceClearsAwayWhatAProcessLeft() throws IOException {
    openWithHeartbeats();
    List<ProcessHandle> tree = processTree();
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    Path directory = supervisor.context().process().directory();
    String process = supervisor.context().id().value();
    supervisor.detach(); // As if the service were killed.
    supervisor.termination().join();
    assertThat(isBeating()).isTrue();

    recovery.recover();

    awaitGone(tree);
    assertThat(directory).doesNotExist();
    assertThat(directory.resolveSibling("../sock/model")).doesNotExist();
    // A process that was still ending is gone when the next process gets its control groups.
    nextQueryIsAnswered();
    assertThat(controlGroups(process)).doesNotContain(process);
  }

  private static String controlGroups(String process) throws IOException {
    return EscapeTestSupport.output(new ProcessBuilder("find", "/sys/fs/cgroup", "-name", process));
  }

  @Test
  void processWithoutASupervisorEndsBeforeTheNextOneStarts() {
    openWithHeartbeats();
    List<ProcessHandle> tree = processTree();
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    Path directory = supervisor.context().process().directory();
    supervisor.detach();
    supervisor.termination().join();

    nextQueryIsAnswered();

    awaitGone(tree);
    assertThat(directory).doesNotExist();
  }

  @Test
  void processThatTheSessionKeepsIsNotEndedByTheNextStartOfTheService() throws IOException {
    openWithHeartbeats();
    List<ProcessHandle> tree = processTree();

    recovery.recover();

    assertThat(tree.getFirst().isAlive()).isTrue();
    assertThat(isBeating()).isTrue();
  }

  @Test
  void outputOfAProcessWhileTheServiceWasNotRunningIsRecorded() throws IOException {
    open(BASH);
    submitQuery("scenario: background-bash"); // It ends after two seconds.
    awaitEvent(RunCompleted.class);
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    Path directory = supervisor.context().process().directory();
    supervisor.detach();
    supervisor.termination().join();
    await()
        .atMost(60, SECONDS)
        .until(() -> Files.readString(directory.resolve("out")).contains("task_notification"));

    recovery.recover();

    assertThat(events(TaskEnded.class))
        .extracting(TaskEnded::status)
        .containsExactly(TaskStatus.COMPLETED);
    assertThat(directory).doesNotExist();
    assertThat(pool.find(session)).isEmpty();
    nextQueryIsAnswered();
  }

  @Test
  void nextStartOfTheServiceFreesUidsOfSessionsThatHaveNoDirectories() throws IOException {
    assumeThat(sandbox.ownUids()).isTrue();
    SessionId gone = SessionId.next();
    SessionPaths paths = runDirectory.sessionPaths(gone.value(), true);
    Path uid = runDirectory.root().resolve("uids/" + paths.uid().orElseThrow());
    TreeDeleter.deleteTree(paths.base());
    assertThat(uid).exists();
    recovery.recover();
    assertThat(uid).doesNotExist();
  }

  @Tag("exhaustive")
  @Test
  void callThatAUserAllowedIsNotRepeatedAfterItsProcessWasKilled() throws IOException {
    askForCommands();
    open();
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: "echo acted >>/workspace/nonce", description: act}
        %s- say: "It is done."
        ```
        """
            .formatted(WAIT.repeat(4))); // As often as the model is asked again.
    allow(awaitEvents(PermissionRequested.class, 1).getLast());
    var waiting = awaitEvents(PermissionRequested.class, 2).getLast();

    killCli();

    var repeated = awaitEvents(PermissionRequested.class, 3).getLast();
    assertThat(events(ActionExpired.class))
        .extracting(ActionExpired::actionId)
        .containsExactly(waiting.actionId());
    assertThat(sealer.open(session, PermissionRequested.class, "input", repeated.input()))
        .contains("waited");
    await()
        .atMost(60, SECONDS)
        .until(
            () -> {
              // A repeated answer has no effect.
              allow(events(PermissionRequested.class).getLast());
              return !events(RunCompleted.class).isEmpty();
            });
    assertThat(workspaceFile("nonce")).containsOnlyOnce("acted").startsWith("acted\nwaited\n");
    assertThat(events(ToolReturned.class))
        .filteredOn(returned -> returned.status() == CallStatus.EXPIRED)
        .extracting(ToolReturned::toolCallId)
        .containsExactly(waiting.toolCallId());
    assertEveryCallHasOneOutcome();
  }

  @Test
  void callThatWasRunningWhenItsProcessWasKilledHasAnUnknownOutcome() throws IOException {
    askForCommands();
    open();
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input:
                command: "echo began >>/workspace/nonce; sleep 300"
                description: act
        - say: "It is done."
        ```
        """);
    var request = awaitEvent(PermissionRequested.class);
    allow(request);
    await().atMost(60, SECONDS).until(() -> !workspaceFileIfPresent("nonce").isEmpty());

    killCli();

    // The model repeats the call, and a user has to decide.
    awaitEvents(PermissionRequested.class, 2);
    assertThat(workspaceFile("nonce")).isEqualTo("began\n");
    var returned = events(ToolReturned.class).getFirst();
    assertThat(returned.toolCallId()).isEqualTo(request.toolCallId());
    assertThat(returned.status()).isEqualTo(CallStatus.UNKNOWN);
    submitInput(new Input.Interrupt());
    awaitEvent(RunInterrupted.class);
    assertEveryCallHasOneOutcome();
  }

  private void askForCommands() {
    policy = PolicyId.next();
    var rule =
        new PolicyRule(
            "ask", Effect.ASK, 0, List.of("Bash"), List.of(), Use.ANY, List.of(), List.of(), "");
    send(
        new CreatePolicy(
            policy,
            new PolicyScope.Tenant(),
            "ask",
            new PolicyDefinition(true, false, List.of(rule)),
            null));
  }

  @AfterEach
  void archivePolicy() {
    if (policy != null) send(new ArchivePolicy(policy));
  }

  private void allow(PermissionRequested request) {
    submitInput(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null));
  }

  /** Kills only the CLI: its supervisor script lives and reports the exit status. */
  private void killCli() {
    processTree().stream()
        .skip(1)
        .filter(process -> commandLine(process).contains("stream-json"))
        .forEach(ProcessHandle::destroyForcibly);
  }

  private String workspaceFileIfPresent(String name) {
    try {
      return workspaceFile(name);
    } catch (IOException notYet) {
      return "";
    }
  }

  private void assertEveryCallHasOneOutcome() {
    assertThat(events(ToolReturned.class))
        .extracting(ToolReturned::toolCallId)
        .containsExactlyInAnyOrderElementsOf(
            events(ToolCalled.class).stream().map(ToolCalled::toolCallId).toList());
  }

  /** Changes to a session while the service is not running. */
  enum Change {
    PAUSE,
    TRANSFER
  }

  @Tag("exhaustive")
  @ParameterizedTest
  @EnumSource
  void processThatWasTakenOverEndsAfterItsRun(Change change) throws IOException {
    open(BASH);
    submitQuery(
        startHeartbeats()
            .replace(
                "- say: \"It beats.\"",
                """
                - calls:
                    - tool: Write
                      input: {file_path: /home/agent/one.txt, content: "1"}
                - say: "It beats."
                """
                    .strip()));
    var request = awaitEvent(PermissionRequested.class);
    awaitBeating();
    List<ProcessHandle> tree = processTree();
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    supervisor.detach();
    supervisor.termination().join();
    switch (change) {
      case PAUSE -> send(new PauseSession(session));
      case TRANSFER -> send(new TransferSession(session, member()));
    }
    Path beat = supervisor.context().process().directory().resolve("beat");
    Instant takenOver = Instant.now().minusSeconds(1);
    Files.setLastModifiedTime(beat, FileTime.from(takenOver.minusSeconds(240)));

    recovery.recover();

    assertThat(Files.getLastModifiedTime(beat).toInstant()).isAfter(takenOver);
    assertThat(isBeating()).isTrue();
    send(
        new SubmitInputs(
            session,
            List.of(new Input.Decide(request.actionId(), Decision.ALLOW, null, null, null)),
            null));
    awaitEvent(RunCompleted.class);
    awaitGone(tree);
  }
}
