package io.agentledger.command.claude.protocol;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Escapes mentions in texts that the CLI inserts into input lines of its own, because it would
 * attach the files that they name without a tool call. The character {@code @} is replaced by
 * {@code ＠}, which a model understands in the same way.
 */
public final class MentionEscaper {
  private static final char SIGN = '@';
  private static final char ESCAPED = '\uFF20';

  /**
   * An {@code @} after one of these characters is not a mention but part of an email address or a
   * version.
   */
  private static final Pattern MENTION = Pattern.compile("(?<![A-Za-z0-9._%+-])@");

  private MentionEscaper() {}

  /** Returns the text with every mention escaped. */
  public static String escape(String text) {
    return text.replace(SIGN, ESCAPED);
  }

  /**
   * Escapes the text of a skill or command. If it has placeholders, every {@code @} is escaped,
   * because the text before it is not known yet; otherwise email addresses stay as they are.
   */
  public static String escapeTemplate(String text) {
    return text.indexOf('$') < 0
        ? MENTION.matcher(text).replaceAll(String.valueOf(ESCAPED))
        : escape(text);
  }

  /**
   * Escapes the input of a tool call. The CLI inserts the arguments of a skill into its text, and
   * descriptions into the notification that a background task sends at its end.
   */
  public static JsonNode escape(String tool, JsonNode input) {
    return switch (tool) {
      case "Skill" -> withEscaped(input, "args", "args");
      case "Agent" -> withEscaped(input, "description", "description");
      case "Bash" ->
          withEscaped(
              input,
              "description",
              input.path("description").asString("").isBlank() ? "command" : "description");
      default -> input;
    };
  }

  private static JsonNode withEscaped(JsonNode input, String field, String source) {
    String text = input.path(source).asString("");
    if (text.indexOf(SIGN) < 0 || !(input.deepCopy() instanceof ObjectNode copy)) {
      return input;
    }
    return copy.put(field, escape(text));
  }
}
