package io.agentledger.command.claude.projectconfig;

import io.agentledger.api.session.CliCommands;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Resolves the name of a slash command in a session: to one of Claude Code's own commands that are
 * offered, or else to one of the workspace or of a plugin in it. Each name has one meaning, and no
 * file overrides a command of Claude Code.
 *
 * @param project whether the workspace's own commands are available
 * @param plugins plugin directories in the workspace
 * @param importPolicy decides whether the file of a command may be read
 */
public record CommandCatalog(
    Path workspace, boolean project, List<String> plugins, ImportPolicy importPolicy) {
  private static final String SKILLS = "skills";
  private static final Pattern SKILL = Pattern.compile(SKILLS + "/([^/]+)/SKILL\\.md");

  /** Prefix that the CLI gives to prompts of MCP servers. */
  private static final String PROMPT_PREFIX = "mcp__";

  /** Result of the resolution of a command's name. */
  public sealed interface Resolution {
    /** The CLI executes the command. */
    record OfCli() implements Resolution {}

    /** The service expands the command. */
    record OfWorkspace(ProjectCommand command) implements Resolution {}

    /** A client cannot invoke the command. */
    record Refused(String reason) implements Resolution {}
  }

  /** Directory of commands or skills, whose names start with {@code prefix}. */
  private record Place(String folder, String prefix) {}

  /**
   * Returns the plugins' skills: {@code plugin:name} with the name in the front matter, by which
   * the CLI lists a skill, -> {@code plugin:folder}, which is its name everywhere else.
   */
  public Map<String, String> pluginSkills() throws IOException {
    Map<String, String> skills = new HashMap<>();
    for (String plugin : plugins) {
      ProjectConfigReader reader = new ProjectConfigReader(workspace, importPolicy);
      String prefix = reader.pluginName(plugin) + ":";
      reader.copyFolder(plugin + "/skills", SKILLS);
      for (Map.Entry<String, byte[]> file : reader.files().entrySet()) {
        Matcher skill = SKILL.matcher(file.getKey());
        if (skill.matches()) {
          String text = new String(file.getValue(), StandardCharsets.UTF_8);
          String name = CommandFrontMatter.nameIn(text).orElse(skill.group(1));
          skills.put(prefix + name, prefix + skill.group(1));
        }
      }
    }
    return skills;
  }

  public Resolution resolve(String name) throws IOException {
    if (CliCommands.contains(name)) {
      return new Resolution.OfCli();
    }
    ProjectConfigReader reader = new ProjectConfigReader(workspace, importPolicy);
    Optional<ProjectCommand> command = find(reader, name);
    if (command.isPresent()) {
      return command
          .get()
          .frontMatter()
          .violation()
          .<Resolution>map(why -> new Resolution.Refused("the command " + name + ": " + why))
          .orElseGet(() -> new Resolution.OfWorkspace(command.get()));
    }
    return new Resolution.Refused(
        reader.leftOut().entrySet().stream()
            .filter(leftOut -> leftOut.getKey().endsWith(".md"))
            .findFirst()
            .map(
                leftOut ->
                    "the command %s is not given to the agent: %s: %s"
                        .formatted(name, leftOut.getKey(), leftOut.getValue()))
            .orElseGet(() -> absence(name)));
  }

  private static String absence(String name) {
    return name.startsWith(PROMPT_PREFIX)
        ? ("the command %s: prompts of MCP servers cannot be invoked as commands;"
                + " send the request as a plain prompt")
            .formatted(name)
        : "there is no command %s that a client can invoke; Claude Code's own commands are %s"
            .formatted(name, String.join(", ", CliCommands.NAMES));
  }

  private Optional<ProjectCommand> find(ProjectConfigReader reader, String name)
      throws IOException {
    List<Place> places = new ArrayList<>();
    if (project && !CliCommands.contains(name)) {
      places.add(new Place(".claude", ""));
    }
    for (String plugin : plugins) {
      places.add(new Place(plugin, reader.pluginName(plugin) + ":"));
    }
    for (Place place : places) {
      if (name.startsWith(place.prefix())) {
        String path = name.substring(place.prefix().length()).replace(':', '/');
        Optional<String> command = reader.readText(place.folder() + "/commands/" + path + ".md");
        if (command.isPresent()) {
          return Optional.of(ProjectCommand.of("", command.get()));
        }
        String folder = place.folder() + "/skills/" + path;
        Optional<String> skill = reader.readText(folder + "/SKILL.md");
        if (skill.isPresent()) {
          return Optional.of(ProjectCommand.of(folder, skill.get()));
        }
      }
    }
    return Optional.empty();
  }
}
