package io.agentledger.command.claude.projectconfig;

import io.agentledger.api.session.SlashCommand;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command or skill of a workspace, or of a plugin in it, that a client invokes by its name.
 * Mentions and shell commands in it are treated as plain text.
 *
 * @param folder directory of a skill, relative to the workspace; empty: a command
 * @param body text without its front matter
 */
public record ProjectCommand(String folder, CommandFrontMatter frontMatter, String body) {
  private static final String PLACEHOLDER =
      "\\$ARGUMENTS\\[(?<index>\\d{1,3})]|\\$(?<number>\\d{1,3})(?!\\w)|\\$ARGUMENTS";

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  static ProjectCommand of(String folder, String text) {
    return new ProjectCommand(
        folder, CommandFrontMatter.parse(text), CommandFrontMatter.bodyOf(text));
  }

  /**
   * Returns the blocks for the model: the invocation, then the text with its arguments filled in.
   */
  public List<String> fill(SlashCommand command) {
    String invocation =
        "<command-name>/%s</command-name>\n<command-args>%s</command-args>"
            .formatted(command.name(), command.arguments());
    String base = folder.isEmpty() ? "" : "Base directory for this skill: " + folder + "\n\n";
    return List.of(invocation, base + fillPlaceholders(command.arguments()));
  }

  private String fillPlaceholders(String arguments) {
    List<String> words = WORD.matcher(arguments).results().map(ProjectCommand::wordOf).toList();
    Matcher placeholders = placeholderPattern().matcher(body);
    if (!placeholders.find()) {
      return arguments.isEmpty() ? body : body + "\nARGUMENTS: " + arguments;
    }
    return placeholders.replaceAll(
        found -> {
          int index = indexOf(found);
          String value = index < 0 ? arguments : index < words.size() ? words.get(index) : "";
          return Matcher.quoteReplacement(value);
        });
  }

  private Pattern placeholderPattern() {
    List<String> names = frontMatter.argumentNames();
    return Pattern.compile(
        names.isEmpty()
            ? PLACEHOLDER + "|(?<name>(?!))"
            : PLACEHOLDER + "|\\$(?<name>" + String.join("|", names) + ")(?![\\w-])");
  }

  /** Returns the index of the argument; -1 for all of them. */
  private int indexOf(MatchResult found) {
    String name = found.group("name");
    if (name != null) {
      return frontMatter.argumentNames().indexOf(name);
    }
    String index = found.group("index") != null ? found.group("index") : found.group("number");
    return index == null ? -1 : Integer.parseInt(index);
  }

  private static String wordOf(MatchResult found) {
    return found.group(1) != null
        ? found.group(1)
        : found.group(2) != null ? found.group(2) : found.group(3);
  }
}
