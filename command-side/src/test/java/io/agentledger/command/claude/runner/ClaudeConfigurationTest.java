package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.process.FakeCli;
import io.agentledger.store.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A service that cannot run agents as configured does not start, and names the reason. */
class ClaudeConfigurationTest {
  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "another, 'AGENTLEDGER_SANDBOX is \"another\"; it may be full, shared-uid or none'",
    "other, 'full needs root, shared-uid an ordinary user'"
  })
  void unavailableSandboxStopsTheStart(String level, String reason) throws IOException {
    String forced = level.equals("other") ? (ROOT ? "shared-uid" : "full") : level;
    Path cli = FakeCli.install(Files.createDirectory(directory.resolve("bin"))).executable();
    new ApplicationContextRunner()
        .withBean(NodeHome.class, () -> NodeHome.of(directory.resolve("home")))
        .withUserConfiguration(ClaudeConfiguration.class)
        .withPropertyValues(
            "agentledger.claude.cli-path=" + cli, "agentledger.claude.sandbox=" + forced)
        .run(
            context ->
                assertThat(context)
                    .hasFailed()
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining(reason));
  }
}
