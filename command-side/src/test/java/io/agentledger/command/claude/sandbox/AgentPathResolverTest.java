package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentPathResolverTest {
  @TempDir Path base;
  private AgentPathResolver paths;

  @BeforeEach
  void createSandbox() throws Exception {
    paths =
        new AgentPathResolver(
            new SessionPaths(base.resolve("s"), OptionalInt.empty()).create(),
            SandboxFixture.paths());
  }

  @Test
  void blanksAroundANameAreTrimmedAsByTheCli() {
    assertThat(paths.resolve(" \u3000\ufeffa b\t\u00a0")).contains(Path.of("/workspace/a b"));
    assertThat(paths.resolve("\u0001a")).contains(Path.of("/workspace/\u0001a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "a/", "../", "a"})
  void nameThatIsTooLongForAPathIsResolvedToNothingAtOnce(String part) {
    var name = "a" + part.repeat(300_000) + "b";
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          assertThat(paths.resolve(name)).isEmpty();
          assertThat(paths.absolutePath(name)).isEmpty();
        });
  }
}
