package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.command.SessionCommand.TransferSession;
import io.agentledger.api.session.command.SessionLifecycleCommand.PauseSession;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;

/** What the next life of a node does with the processes of the one before, with the real CLI. */
class RunRecoveryIT extends HeartbeatTestSupport {
  @Autowired private Sandbox sandbox;

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
    nextQueryIsAnswered(); // What was still dying goes when the next process gets its groups.
    assertThat(controlGroups(process)).doesNotContain(process);
  }

  private static String controlGroups(String process) throws IOException {
    return EscapeTestSupport.output(new ProcessBuilder("find", "/sys/fs/cgroup", "-name", process));
  }

  @Test
  void whatAProcessSaidWhileTheServiceWasNotRunningIsRecorded() throws IOException {
    open(BASH);
    submitQuery("scenario: background-bash"); // It ends after two seconds.
    awaitEvent(RunCompleted.class);
    ProcessSupervisor supervisor = pool.find(session).orElseThrow();
    Path directory = supervisor.context().process().directory();
    supervisor.detach();
    supervisor.termination().join();
    await()
        .atMost(30, SECONDS)
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

  /** What happens to a session while the service is not running. */
  enum Change {
    PAUSE,
    TRANSFER
  }

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
