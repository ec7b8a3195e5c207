package io.agentledger.command.claude.projectconfig;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.agentledger.command.claude.sandbox.SandboxPaths;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientPathsTest {
  private static final ClientPaths PATHS =
      new ClientPaths(
          new SandboxPaths(
              Path.of("/workspace"),
              Path.of("/home/agent"),
              Path.of("/tmp"),
              Path.of("/run/sockets"),
              Path.of("/opt/claude"),
              Optional.empty()),
          List.of("tools/one", "tools/$2"));

  @ParameterizedTest
  @CsvSource({
    "Path not found: /home/agent/.claude/given-plugins/0 (commands),"
        + " Path not found: tools/one (commands)",
    "no /home/agent/.claude/given-plugins/1/skills/a.md, no tools/$2/skills/a.md",
    "no /home/agent/.claude/skills/a/SKILL.md, no .claude/skills/a/SKILL.md",
    "no /workspace/src/a.txt, no src/a.txt",
    "no http://x/workspace/a, no http://x/workspace/a",
    "no /home/agent/.claude/given-plugins/2, no .claude/given-plugins/2"
  })
  void pathsHaveTheNamesThatTheClientGave(String text, String expected) {
    assertThat(PATHS.toClientText(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a", "/home/agent/.claude/", "/home/agent/.claude/given-plugins/9"})
  void longTextsTakeLinearTime(String part) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> PATHS.toClientText(part.repeat(100_000)));
  }

  @Test
  void numberOfAPluginIsBounded() {
    var text = "/home/agent/.claude/given-plugins/" + "1".repeat(50);
    assertThat(PATHS.toClientText(text)).endsWith("1".repeat(50));
  }

  @Test
  void omittedFileOfAPluginIsNamedByItsFolder() {
    var plugins = List.of("tools/one");
    assertThat(ClientPaths.toClientPath("given-plugins/0/skills/a@b.md", plugins))
        .isEqualTo("tools/one/skills/a@b.md");
    assertThat(ClientPaths.toClientPath("skills/a@b.md", plugins))
        .isEqualTo(".claude/skills/a@b.md");
  }
}
