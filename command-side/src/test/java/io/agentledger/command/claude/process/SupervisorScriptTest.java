package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.sandbox.RunDirectory;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The supervisor script ends processes without a service, in whatever order they end. */
class SupervisorScriptTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration WITHIN = Duration.ofSeconds(30);

  @TempDir Path home;
  private ClaudeProcess process;

  @BeforeEach
  void start() throws Exception {
    process =
        ClaudeProcess.start(
            new ClaudeProcess.Launch(
                home.resolve("process"),
                RunDirectory.open(home).supervisorScript(),
                home,
                List.of("sleep", "600"),
                Map.of("PATH", System.getenv("PATH")),
                TIMEOUT));
  }

  @Test
  void processWithoutHeartbeatIsTerminated() throws Exception {
    await().atMost(WITHIN).until(() -> !process.identity().isAlive());
    assertThat(process.exitStatus()).hasValue(143);
  }

  @Test
  void processWithoutItsDirectoryIsTerminated() throws Exception {
    await()
        .atMost(WITHIN)
        .ignoreException(DirectoryNotEmptyException.class) // The process still writes there.
        .untilAsserted(() -> TreeDeleter.deleteTree(home.resolve("process")));
    await().atMost(WITHIN).until(() -> !process.identity().isAlive());
  }
}
