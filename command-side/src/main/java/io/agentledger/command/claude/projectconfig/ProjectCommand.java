package io.agentledger.command.claude.projectconfig;

import io.agentledger.api.session.SlashCommand;
import java.util.List;
import java.util.Optional;
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
  /** Maximum length of the text with its arguments, in characters. */
  public static final int FILLED_LENGTH_MAX = 1_000_000;

  private static final String PLACEHOLDER =
      "\\$ARGUMENTS\\[(?<index>\\d{1,3})]|\\$(?<number>\\d{1,3})(?!\\w)|\\$ARGUMENTS";

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  static ProjectCommand of(String folder, String text) {
    return new ProjectCommand(
        folder, CommandFrontMatter.parse(text), CommandFrontMatter.bodyOf(text));
  }

  /**
   * Returns the blocks for the model: the invocation, then the text with its arguments filled in;
   * empty if that is too long.
   */
  public Optional<List<String>> fill(SlashCommand command) {
    String invocation =
        "<command-name>/%s</command-name>\n<command-args>%s</command-args>"
            .formatted(command.name(), command.arguments());
    String base = folder.isEmpty() ? "" : "Base directory for this skill: " + folder + "\n\n";
    return fillPlaceholders(command.arguments()).map(text -> List.of(invocation, base + text));
  }

  private Optional<String> fillPlaceholders(String arguments) {
    List<String> words = WORD.matcher(arguments).results().map(ProjectCommand::wordOf).toList();
    Matcher placeholders = placeholderPattern().matcher(body);
    StringBuilder filled = new StringBuilder();
    boolean found = false;
    while (placeholders.find()) {
      found = true;
      int index = indexOf(placeholders);
      String value = index < 0 ? arguments : index < words.size() ? words.get(index) : "";
      placeholders.appendReplacement(filled, Matcher.quoteReplacement(value));
      if (filled.length() > FILLED_LENGTH_MAX) return Optional.empty();
    }
    placeholders.appendTail(filled);
    if (!found && !arguments.isEmpty()) filled.append("\nARGUMENTS: ").append(arguments);
    return filled.length() > FILLED_LENGTH_MAX ? Optional.empty() : Optional.of(filled.toString());
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
