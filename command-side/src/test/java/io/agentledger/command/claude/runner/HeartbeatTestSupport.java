package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStatus;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.shared.StableNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Session whose agent has commands in the background, which show by touching a file that they run.
 */
abstract class HeartbeatTestSupport extends RunnerTestSupport {
  static final RunOverrides BASH =
      new RunOverrides(null, null, List.of("Bash", "Agent"), null, null, null);

  @Autowired private JdbcTemplate sql;

  final String nonce = UUID.randomUUID().toString().substring(0, 8);

  /**
   * Starts a loop in the command itself, and one that leaves its process group and ignores signals.
   */
  String heartbeats() {
    String loop = "while :; do date +%s%N >/workspace/NAME-NONCE; sleep 0.5; done";
    return ("nohup setsid bash -c 'trap \\\"\\\" TERM INT HUP; "
            + loop.replace("NAME", "daemon")
            + "' >/dev/null 2>&1 & "
            + loop.replace("NAME", "command"))
        .replace("NONCE", nonce);
  }

  String startHeartbeats() {
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

  void openWithHeartbeats() {
    open(BASH);
    beginHeartbeats();
  }

  void beginHeartbeats() {
    submitQuery(startHeartbeats());
    awaitEvent(RunCompleted.class);
    awaitBeating();
  }

  void awaitBeating() {
    awaitEvent(ToolCalled.class); // The CLI may take long to start.
    for (String name : List.of("command-", "daemon-")) {
      String first = await().until(() -> beat(name), beat -> !beat.isEmpty());
      await().until(() -> !beat(name).equals(first));
    }
  }

  String beat(String name) {
    try {
      return workspaceFile(name + nonce).strip();
    } catch (IOException notYet) {
      return "";
    }
  }

  /** Returns supervisor script, sandbox, CLI and all of their children. */
  List<ProcessHandle> processTree() {
    long keeper = pool.find(session).orElseThrow().context().process().identity().pid();
    return ProcessHandle.of(keeper).stream()
        .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()))
        .toList();
  }

  boolean isBeating() {
    return ProcessHandle.allProcesses().anyMatch(process -> commandLine(process).contains(nonce));
  }

  static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException gone) {
      return "";
    }
  }

  void awaitGone(List<ProcessHandle> tree) {
    assertThat(tree).hasSizeGreaterThan(3);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () -> {
              assertThat(tree).noneMatch(ProcessHandle::isAlive);
              assertThat(isBeating()).isFalse();
            });
    await()
        .untilAsserted(
            () ->
                assertThat(events(TaskEnded.class))
                    .extracting(TaskEnded::status)
                    .contains(TaskStatus.STOPPED));
  }

  void nextQueryIsAnswered() {
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

  List<String> eventNames() {
    return events().stream().map(event -> StableNames.of(event.getClass())).toList();
  }

  UserId member() {
    UserId bob = UserId.next();
    sql.update(
        "insert into identity_user (user_id, tenant, role, disabled) values (?, ?, ?, false)",
        bob.value(),
        ADA.tenant().value(),
        "MEMBER");
    return bob;
  }
}
