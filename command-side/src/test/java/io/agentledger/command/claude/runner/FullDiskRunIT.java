package io.agentledger.command.claude.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.store.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What becomes of runs when the disk under the journals is full, with the real CLI. */
class FullDiskRunIT extends HeartbeatTestSupport {
  private static final int KIB = 2048;
  private static final int BLOCK_BYTES = 4096;

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

  @Test
  void runWhoseOutputWasCutIsResumedOnceThereIsRoom() throws IOException {
    open();
    try (SmallDisk disk = SmallDisk.mount(journals(), KIB)) {
      submitQuery("scenario: slow-text");
      await().atMost(60, SECONDS).until(() -> frames.toString().contains("piece 2"));
      var process = pool.find(session).orElseThrow().context().process();
      disk.fill(0);
      await()
          .atMost(60, SECONDS)
          .until(() -> Files.size(process.directory().resolve("out")) % BLOCK_BYTES == 0);
      disk.free();

      await().atMost(60, SECONDS).until(() -> !events(RunFailed.class).isEmpty());
      assertThat(events(RunFailed.class)).extracting(RunFailed::retrying).containsExactly(true);
      assertThat(result(awaitEvent(RunCompleted.class))).isNotEmpty();
    }
  }

  private Path journals() throws IOException {
    return runDirectory.sessionPaths(session.value(), true).runs();
  }
}
