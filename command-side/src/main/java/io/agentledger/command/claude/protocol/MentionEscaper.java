package io.agentledger.command.claude.protocol;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes mentions unrecognisable in texts that the CLI puts into input lines of its own: it would
 * attach the files that they name without a tool call. The sign {@code @} becomes {@code ＠}, which
 * a model reads as the same.
 */
public final class MentionEscaper {
  private static final char SIGN = '@';
  private static final char ESCAPED = '\uFF20';

  /** Behind these characters it is no mention: an address of mail, a version. */
  private static final Pattern MENTION = Pattern.compile("(?<![A-Za-z0-9._%+-])@");

  private MentionEscaper() {}

  /** The text without any such sign. */
  public static String escape(String text) {
    return text.replace(SIGN, ESCAPED);
  }

  /**
   * The same for the text of a skill or command. Where nothing is filled in, addresses stay; where
   * something is, nobody can tell what will stand before a sign.
   */
  public static String escapeTemplate(String text) {
    return text.indexOf('$') < 0
        ? MENTION.matcher(text).replaceAll(String.valueOf(ESCAPED))
        : escape(text);
  }

  /**
   * The input of a tool call as the CLI gets it: the arguments of a skill become part of its text,
   * and descriptions stand in the notification that a background task sends at its end.
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
