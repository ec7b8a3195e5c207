package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.ops.NodeInfo;
import io.agentledger.api.ops.SystemHealthView.ComponentHealth;
import io.agentledger.api.ops.SystemHealthView.Status;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.store.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Runs on a full disk under the journals, with the real CLI. */
@Tag("exhaustive")
class FullDiskRunIT extends HeartbeatTestSupport {
  private static final int KIB = 2048;
  private static final int BLOCK_BYTES = 4096;
  private static final Duration SILENCE = Duration.ofSeconds(40);

  /** Is in progress until it is interrupted, however busy the machine is. */
  private static final String LONG_RUN =
      """
      ```rehearsal
      - say: "piece {{n}}. "
        repeat: 1000
        pace: {first: 100ms, pause: 200ms, size: 10}
      ```
      """;

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
    await().atMost(60, SECONDS).until(() -> isCut(process.directory().resolve("out")));
    disk.free();
  }

  /** On a busy machine the run may have ended, and with it its directory. */
  private static boolean isCut(Path output) throws IOException {
    try {
      return Files.size(output) % BLOCK_BYTES == 0;
    } catch (NoSuchFileException ended) {
      return true;
    }
  }

  @Test
  void silentRunIsNamedInHealth() {
    open();
    submitQuery(LONG_RUN);
    RunInitialized run = awaitEvent(RunInitialized.class);
    assertThat(silentRuns(health(clock))).isEmpty();

    ComponentHealth later = health(Clock.offset(clock, SILENCE));
    assertThat(later.status()).isEqualTo(Status.DEGRADED);
    assertThat(silentRuns(later))
        .singleElement(InstanceOfAssertFactories.MAP)
        .containsEntry("session_id", session.value())
        .containsEntry("run_id", run.runId().value())
        .containsEntry("call", "POST /api/v1/sessions/" + session + "/interrupt");
    submitInput(new Input.Interrupt());
    awaitEvent(RunInterrupted.class);
  }

  /** Returns those of this session: a test before may have left a process that is ending. */
  private List<?> silentRuns(ComponentHealth health) {
    return ((List<?>) health.details().get("silent_runs"))
        .stream()
            .map(Map.class::cast)
            .filter(run -> run.get("session_id").equals(session.value()))
            .toList();
  }

  private ComponentHealth health(Clock at) {
    return new CliHealth(node, pool, sandbox.resourceLimiter(), at).check();
  }

  private Path journals() throws IOException {
    return runDirectory.sessionPaths(session.value(), true).runs();
  }
}
