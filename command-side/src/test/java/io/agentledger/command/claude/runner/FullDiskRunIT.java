package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Status;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.store.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Runs on a full disk under the journals, with the real CLI. */
class FullDiskRunIT extends HeartbeatTestSupport {
  private static final int KIB = 2048;
  private static final int BLOCK_BYTES = 4096;
  private static final Duration SILENCE = Duration.ofSeconds(40);

  @Autowired private NodeInfo node;
  @Autowired private Sandbox sandbox;
  @Autowired private Clock clock;

  @Test
  void runFailsWithinAMinuteWhileTheDiskIsFull() throws IOException {
    open();
    try (SmallDisk disk = SmallDisk.mount(journals(), KIB)) {
      submitQuery("scenario: slow-text");
      awaitEvent(RunInitialized.class);
      disk.fill(0);

      await().atMost(60, SECONDS).until(() -> events(RunFailed.class).size() == 3);
      assertThat(events(RunFailed.class))
          .extracting(RunFailed::failure)
          .containsOnly(Failure.DISK_FULL);
      assertThat(events(RunFailed.class).getLast().retrying()).isFalse();

      disk.free();
      nextQueryIsAnswered();
    }
  }

  /**
   * If the rest of a short write fits once there is room, nothing was cut; then another run is
   * made.
   */
  @Test
  void runWhoseOutputWasCutIsResumedOnceThereIsRoom() throws IOException {
    open();
    try (SmallDisk disk = SmallDisk.mount(journals(), KIB)) {
      int runs = 0;
      while (events(RunFailed.class).isEmpty()) {
        assertThat(++runs).as("%s", events()).isLessThanOrEqualTo(5);
        fillDuringRun(disk);
        int ended = runs;
        await()
            .atMost(60, SECONDS)
            .untilAsserted(
                () ->
                    assertThat(events(RunFailed.class).size() + events(RunCompleted.class).size())
                        .as("%s", events())
                        .isGreaterThanOrEqualTo(ended));
      }
      assertThat(events(RunFailed.class)).extracting(RunFailed::retrying).containsExactly(true);
      assertThat(result(awaitEvents(RunCompleted.class, runs).getLast())).isNotEmpty();
    }
  }

  private void fillDuringRun(SmallDisk disk) throws IOException {
    frames.clear();
    submitQuery("scenario: slow-text");
    await().atMost(60, SECONDS).until(() -> frames.toString().contains("piece 2"));
    var process = pool.find(session).orElseThrow().context().process();
    disk.fill(0);
    await()
        .atMost(60, SECONDS)
        .until(() -> Files.size(process.directory().resolve("out")) % BLOCK_BYTES == 0);
    disk.free();
  }

  @Test
  void silentRunIsNamedInHealth() {
    open();
    submitQuery("scenario: slow-text");
    RunInitialized run = awaitEvent(RunInitialized.class);
    assertThat(silentRuns(clock)).isEmpty();

    Clock later = Clock.offset(clock, SILENCE);
    assertThat(health(later).status()).isEqualTo(Status.DEGRADED);
    assertThat(silentRuns(later))
        .singleElement(InstanceOfAssertFactories.MAP)
        .containsEntry("session_id", session.value())
        .containsEntry("run_id", run.runId().value())
        .containsEntry("call", "POST /api/v1/sessions/" + session + "/interrupt");
  }

  private List<?> silentRuns(Clock at) {
    return (List<?>) health(at).details().get("silent_runs");
  }

  private ComponentHealth health(Clock at) {
    return new CliHealth(node, pool, sandbox.resourceLimiter(), at).check();
  }

  private Path journals() throws IOException {
    return runDirectory.sessionPaths(session.value(), true).runs();
  }
}
