package io.agentledger.command.claude.projectconfig;

import io.agentledger.api.session.SlashCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command or skill of a workspace, or of a plugin in it, that a client invokes by its name. Its
 * front matter counts for nothing, and what it mentions or would run is only text.
 *
 * @param folder of a skill, below the workspace; empty: a command
 * @param body without its front matter
 */
public record ProjectCommand(String folder, String body) {
  private static final Pattern FRONT_MATTER =
      Pattern.compile(
          "\\A---[ \\t]*\\r?\\n.*?^---[ \\t]*(\\r?\\n|\\z)", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$ARGUMENTS\\[(\\d{1,3})]|\\$(\\d{1,3})(?!\\w)|\\$ARGUMENTS");

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  /** Where commands and skills lie: {@code prefix} stands before their names. */
  private record Place(String folder, String prefix) {}

  /**
   * @param project whether the workspace's own are wanted
   * @param plugins folders of the workspace
   * @return empty if there is none of the name
   */
  public static Optional<ProjectCommand> find(
      Path workspace, boolean project, List<String> plugins, String name) throws IOException {
    ProjectConfigReader reader = new ProjectConfigReader(workspace);
    List<Place> places = new ArrayList<>();
    if (project) {
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
          return Optional.of(new ProjectCommand("", withoutFrontMatter(command.get())));
        }
        String folder = place.folder() + "/skills/" + path;
        Optional<String> skill = reader.readText(folder + "/SKILL.md");
        if (skill.isPresent()) {
          return Optional.of(new ProjectCommand(folder, withoutFrontMatter(skill.get())));
        }
      }
    }
    return Optional.empty();
  }

  private static String withoutFrontMatter(String text) {
    return FRONT_MATTER.matcher(text).replaceFirst("");
  }

  /** What the model gets: what is invoked, then the text with the arguments in their places. */
  public List<String> fill(SlashCommand command) {
    String invocation =
        "<command-name>/%s</command-name>\n<command-args>%s</command-args>"
            .formatted(command.name(), command.arguments());
    String base = folder.isEmpty() ? "" : "Base directory for this skill: " + folder + "\n\n";
    return List.of(invocation, base + fillPlaceholders(command.arguments()));
  }

  private String fillPlaceholders(String arguments) {
    List<String> words = WORD.matcher(arguments).results().map(ProjectCommand::wordOf).toList();
    Matcher placeholders = PLACEHOLDER.matcher(body);
    if (!placeholders.find()) {
      return arguments.isEmpty() ? body : body + "\nARGUMENTS: " + arguments;
    }
    return placeholders.replaceAll(
        found -> {
          String index = found.group(1) != null ? found.group(1) : found.group(2);
          String value =
              index == null
                  ? arguments
                  : Integer.parseInt(index) < words.size()
                      ? words.get(Integer.parseInt(index))
                      : "";
          return Matcher.quoteReplacement(value);
        });
  }

  private static String wordOf(MatchResult found) {
    return found.group(1) != null
        ? found.group(1)
        : found.group(2) != null ? found.group(2) : found.group(3);
  }
}
