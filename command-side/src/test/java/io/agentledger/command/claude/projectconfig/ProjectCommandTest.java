package io.agentledger.command.claude.projectconfig;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.SlashCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectCommandTest {
  @TempDir Path workspace;

  private void write(String path, String text) throws IOException {
    Path file = workspace.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private String fill(String name, String arguments) throws IOException {
    return ProjectCommand.find(workspace, true, List.of("tools/plug"), name)
        .orElseThrow()
        .fill(new SlashCommand(name, arguments))
        .getLast();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Say $ARGUMENTS.;a b;Say a b.",
        "Say $1 to $0.;\"a b\" c;Say c to a b.",
        "Say $ARGUMENTS[1]$2.;a b;Say b.",
        "Say $0.;$1 $0;Say $1.",
        "Say.;a;Say.|ARGUMENTS: a",
        "Costs $5x;'';Costs $5x"
      })
  void argumentsStandInTheirPlacesAndAreFilledInOnce(String body, String arguments, String filled)
      throws IOException {
    write(".claude/commands/say.md", body);
    assertThat(fill("say", arguments)).isEqualTo(filled.replace('|', '\n'));
  }

  @Test
  void commandsAndSkillsOfWorkspaceAndPluginsAreFoundByTheirNames() throws IOException {
    write(".claude/commands/web/say.md", "---\ndescription: says\n---\nnested");
    write(".claude/skills/greet/SKILL.md", "---\nname: greet\n---\nskill");
    write("tools/plug/.claude-plugin/plugin.json", "{\"name\": \"tool\"}");
    write("tools/plug/commands/say.md", "of the plugin");
    assertThat(fill("web:say", "")).isEqualTo("nested");
    assertThat(fill("greet", "")).endsWith("skill").contains(".claude/skills/greet");
    assertThat(fill("tool:say", "")).isEqualTo("of the plugin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"say", "plug:say", "web"})
  void whatIsNotThereIsNotFound(String name) throws IOException {
    assertThat(ProjectCommand.find(workspace, true, List.of("tools/plug"), name)).isEmpty();
  }

  @Test
  void workspaceThatIsNotWantedHasNoCommands() throws IOException {
    write(".claude/commands/say.md", "Say.");
    assertThat(ProjectCommand.find(workspace, false, List.of(), "say")).isEmpty();
  }

  @Test
  void linkIsNotFollowed() throws IOException {
    write("secret.md", "secret");
    Files.createDirectories(workspace.resolve(".claude/commands"));
    Files.createSymbolicLink(
        workspace.resolve(".claude/commands/say.md"), workspace.resolve("secret.md"));
    assertThat(ProjectCommand.find(workspace, true, List.of(), "say")).isEmpty();
  }
}
