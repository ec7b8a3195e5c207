package io.agentledger.command.claude.projectconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The CLI gets only the name of a plugin's manifest, whatever else the manifest contains. */
class PluginManifestTest {
  private static final String PROGRAMS = "{\"name\": \"tool\", \"mcpServers\": {}, \"z\": ";

  @TempDir Path base;
  private SessionPaths session;

  @BeforeEach
  void createSession() throws Exception {
    session = new SessionPaths(base.resolve("s"), OptionalInt.empty()).create();
  }

  private String staged(String manifest) throws IOException {
    Path file = session.workspace().resolve("plug/.claude-plugin/plugin.json");
    Files.createDirectories(file.getParent());
    Files.writeString(file, manifest);
    var files =
        ProjectConfig.read(session, false, List.of("plug"), none -> Optional.empty()).files();
    return new String(
        files.get("given-plugins/0/.claude-plugin/plugin.json"), StandardCharsets.UTF_8);
  }

  @Test
  void manifestIsItsNameVersionAndDescription() throws IOException {
    assertThat(staged(PROGRAMS + "1}")).isEqualTo("{\"name\":\"tool\"}");
  }

  /** The CLI loads the folder of a skill as a plugin if it has such a folder. */
  @Test
  void skillOfTheWorkspaceIsNoPlugin() throws IOException {
    Path skill = session.workspace().resolve(".claude/skills/greet");
    Files.createDirectories(skill.resolve(".claude-plugin"));
    Files.writeString(skill.resolve("SKILL.md"), "Greet.");
    Files.writeString(skill.resolve(".claude-plugin/plugin.json"), "{}");
    var config = ProjectConfig.read(session, true, List.of(), none -> Optional.empty());
    assertThat(config.files()).containsOnlyKeys("skills/greet/SKILL.md");
    assertThat(config.leftOut()).containsKey(".claude/skills/greet/.claude-plugin/plugin.json");
  }

  @ParameterizedTest
  @ValueSource(ints = {501, 100_000})
  void manifestThatIsNestedTooDeepForUsIsNothingForTheCli(int depth) throws IOException {
    assertThat(staged(PROGRAMS + "[".repeat(depth) + "]".repeat(depth) + "}"))
        .doesNotContain("mcpServers");
  }

  @Test
  void manifestWithALongerNumberThanWeReadIsNothingForTheCli() throws IOException {
    assertThat(staged(PROGRAMS + "1".repeat(1_001) + "}")).doesNotContain("mcpServers");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "\uFEFF{\"name\": \"tool\", \"mcpServers\": {}}"})
  void manifestThatIsNoJsonNamesTheFolder(String manifest) throws IOException {
    assertThat(staged(manifest)).doesNotContain("mcpServers");
    assertThat(
            new ProjectConfigReader(session.workspace(), file -> Optional.empty())
                .pluginName("plug"))
        .isEqualTo("plug");
  }
}
