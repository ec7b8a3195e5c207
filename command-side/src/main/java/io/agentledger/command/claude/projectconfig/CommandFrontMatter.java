package io.agentledger.command.claude.projectconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Front matter of a command or skill, with settings that its author requests. It grants nothing. A
 * run whose settings differ from the requested ones is refused, because the fields are not applied.
 *
 * @param argumentNames names of the arguments, in order
 * @param allowedTools rules that the author wants allowed without asking
 * @param disallowedTools rules that the author wants denied
 * @param model requested model; empty: any
 * @param violation why a client cannot invoke the command at all
 */
public record CommandFrontMatter(
    List<String> argumentNames,
    List<String> allowedTools,
    List<String> disallowedTools,
    Optional<String> model,
    Optional<String> violation) {
  private static final int LENGTH_MAX = 16 * 1024;

  private static final YAMLMapper YAML = YAMLMapper.builder().build();

  private static final Pattern BLOCK =
      Pattern.compile(
          "\\A---[ \\t]*\\r?\\n(.*?)^---[ \\t]*(\\r?\\n|\\z)", Pattern.DOTALL | Pattern.MULTILINE);

  /** A value that is not valid YAML, such as {@code argument-hint: [number] [priority]}. */
  private static final Pattern PLAIN_VALUE = Pattern.compile("([A-Za-z_-]+):[ \\t]+([^\"'\\s].*)");

  private static final String WORD_END = " \t\n\u000B\f\r,(";
  private static final Pattern ARGUMENT_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  /**
   * Fields that change how the CLI executes a command. They have no effect here, because the
   * service expands the command.
   */
  private static final List<String> UNSUPPORTED = List.of("context", "effort", "hooks");

  /** Values of these fields that have no effect. */
  private static final Set<String> NEUTRAL = Set.of("", "inline", "inherit");

  /** Returns the text without its front matter. */
  static String bodyOf(String text) {
    return BLOCK.matcher(text).replaceFirst("");
  }

  /** Returns the name in the front matter of a text, which may have none. */
  static Optional<String> nameIn(String text) {
    return Optional.of(fieldsOf(text).path("name").asString("").strip())
        .filter(name -> !name.isEmpty());
  }

  /** Reads the front matter of a text, which may have none. */
  static CommandFrontMatter parse(String text) {
    JsonNode fields = fieldsOf(text);
    return new CommandFrontMatter(
        words(fields, "arguments").stream()
            .filter(name -> ARGUMENT_NAME.matcher(name).matches())
            .toList(),
        words(fields, "allowed-tools"),
        words(fields, "disallowed-tools"),
        Optional.of(fields.path("model").asString("").strip())
            .filter(model -> !NEUTRAL.contains(model)),
        findViolation(fields));
  }

  private static JsonNode fieldsOf(String text) {
    Matcher block = BLOCK.matcher(text);
    if (!block.find()) return YAML.nullNode();
    String yaml = block.group(1);
    return yaml.length() > LENGTH_MAX ? unreadable() : readFields(yaml);
  }

  private static JsonNode readFields(String yaml) {
    try {
      return YAML.readTree(yaml);
    } catch (JacksonException unquoted) {
      try {
        return YAML.readTree(quoteValues(yaml));
      } catch (JacksonException unreadable) {
        return unreadable();
      }
    }
  }

  private static JsonNode unreadable() {
    return YAML.createObjectNode().put("unreadable", true);
  }

  /** Quotes the values, as Claude Code does if the front matter is not valid YAML. */
  private static String quoteValues(String yaml) {
    return yaml.lines()
        .map(
            line -> {
              Matcher field = PLAIN_VALUE.matcher(line.stripTrailing());
              if (!field.matches()) return line;
              String value = field.group(2).replace("\\", "\\\\").replace("\"", "\\\"");
              return field.group(1) + ": \"" + value + "\"";
            })
        .collect(Collectors.joining("\n"));
  }

  private static Optional<String> findViolation(JsonNode fields) {
    if (fields.path("unreadable").asBoolean(false)) {
      return Optional.of(
          "its front matter cannot be read: write it as YAML of at most "
              + LENGTH_MAX
              + " characters");
    }
    if (fields.path("user-invocable").asString("").equals("false")) {
      return Optional.of(
          "only the agent may invoke it: its front matter sets user-invocable: false");
    }
    return UNSUPPORTED.stream()
        .filter(
            field ->
                fields.path(field).isContainer()
                    || !NEUTRAL.contains(fields.path(field).asString("")))
        .findFirst()
        .map(field -> "its front matter has " + field + ", which is not supported: remove it");
  }

  /** Returns the words of a list, or of a text with spaces or commas between them. */
  private static List<String> words(JsonNode fields, String name) {
    List<String> words = new ArrayList<>();
    JsonNode value = fields.path(name);
    if (value.isArray()) {
      value.forEach(word -> words.add(word.asString("").strip()));
    } else {
      splitWords(value.asString(""), words);
    }
    return words.stream().filter(word -> !word.isEmpty()).toList();
  }

  /** Adds the words of a text, each with the parentheses that follow it, in linear time. */
  private static void splitWords(String text, List<String> words) {
    int lastClose = text.lastIndexOf(')');
    int at = 0;
    while (at < text.length()) {
      int start = at;
      while (at < text.length() && WORD_END.indexOf(text.charAt(at)) < 0) at++;
      if (at == start) {
        at++;
        continue;
      }
      if (at < lastClose && text.charAt(at) == '(') at = text.indexOf(')', at) + 1;
      words.add(text.substring(start, at));
    }
  }
}
