package io.agentledger.command.model.rehearsal;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Text with placeholders. A placeholder is {@code {{source}}} or {@code {{source | filter | ...}}}.
 *
 * <p>Sources: {@code last} (the latest tool results), {@code tool NAME} (the latest result of that
 * tool), {@code prompt}, {@code cwd}, {@code n}. Filters: {@code first REGEX} (its first match, or
 * that match's first group), {@code count REGEX}, {@code drop REGEX}, {@code skip N} and {@code
 * lines N} (without or with the first N lines), {@code cut N} (characters), {@code prefix TEXT}
 * (before each line), {@code or TEXT} (instead of an empty text).
 */
final class ScenarioTemplate {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(.+?)}}");
  private static final Pattern FILTER_SEPARATOR = Pattern.compile(" \\| ");
  private static final List<String> FILTERS =
      List.of("first", "count", "drop", "skip", "lines", "cut", "prefix", "or");

  private final ConversationView conversation;

  ScenarioTemplate(ConversationView conversation) {
    this.conversation = conversation;
  }

  /** Fills the placeholders; {@code n} is the number of the repetition. */
  String fill(String text, int n) {
    Matcher placeholder = PLACEHOLDER.matcher(text);
    return placeholder.replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), n)));
  }

  private String value(String expression, int n) {
    List<String> parts = FILTER_SEPARATOR.splitAsStream(expression).toList();
    String value = source(parts.getFirst().strip(), n);
    for (int i = 1; i < parts.size(); i++) value = filter(parts.get(i), value);
    return value;
  }

  private String source(String name, int n) {
    if (name.startsWith("tool ")) {
      return conversation
          .latestResult(name.substring(5).strip())
          .map(ConversationView.ToolResult::text)
          .orElse("");
    }
    return switch (name) {
      case "last" ->
          conversation.latestResults().stream()
              .map(ConversationView.ToolResult::text)
              .collect(Collectors.joining("\n"));
      case "prompt" -> conversation.prompt();
      case "cwd" -> conversation.workingDirectory();
      case "n" -> Integer.toString(n);
      default -> "";
    };
  }

  private static String filter(String filter, String value) {
    int space = filter.strip().indexOf(' ');
    String name = space < 0 ? filter.strip() : filter.strip().substring(0, space);
    String argument = space < 0 ? "" : filter.stripLeading().substring(space + 1);
    return switch (name) {
      case "first" -> first(matcher(argument, value));
      case "count" -> Long.toString(matcher(argument, value).results().count());
      case "drop" -> matcher(argument, value).replaceAll("");
      case "skip" -> value.lines().skip(number(argument)).collect(Collectors.joining("\n"));
      case "lines" -> value.lines().limit(number(argument)).collect(Collectors.joining("\n"));
      case "cut" ->
          value.length() <= number(argument) ? value : value.substring(0, number(argument)) + "…";
      case "prefix" -> value.lines().map(line -> argument + line).collect(Collectors.joining("\n"));
      case "or" -> value.isBlank() ? argument : value;
      default -> value;
    };
  }

  private static Matcher matcher(String regex, String value) {
    return Pattern.compile(regex).matcher(new RegexGuardedText(value));
  }

  private static String first(Matcher matcher) {
    if (!matcher.find()) return "";
    String found = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
    return found == null ? "" : found;
  }

  private static int number(String text) {
    return Integer.parseInt(text.strip());
  }

  /** Returns what is wrong with the placeholders of this text; null if they are valid. */
  static @Nullable String violation(String text) {
    Matcher placeholder = PLACEHOLDER.matcher(text);
    while (placeholder.find()) {
      List<String> parts = FILTER_SEPARATOR.splitAsStream(placeholder.group(1)).toList();
      String source = parts.getFirst().strip();
      if (!source.matches("last|prompt|cwd|n|tool \\S+"))
        return "{{" + source + "}} is not a source";
      for (int i = 1; i < parts.size(); i++) {
        String fault = filterViolation(parts.get(i).stripLeading());
        if (fault != null) return fault;
      }
    }
    return null;
  }

  private static @Nullable String filterViolation(String filter) {
    String name = filter.strip().replaceFirst("\\s.*", "");
    if (!FILTERS.contains(name)) return "'" + name + "' is not a filter";
    try {
      String unused = filter(filter, ""); // Checks patterns and numbers.
      return null;
    } catch (PatternSyntaxException e) {
      return "'" + filter + "' has an invalid pattern: " + e.getDescription();
    } catch (NumberFormatException e) {
      return "'" + filter + "' needs a number";
    }
  }
}
