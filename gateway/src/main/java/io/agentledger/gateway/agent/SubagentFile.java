package io.agentledger.gateway.agent;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Subagent in the format of Claude Code: a Markdown file whose front matter has its settings, and
 * whose text is its system prompt.
 *
 * @param definition as in the option {@code agents} of a session
 */
record SubagentFile(String name, ObjectNode definition) {
  private static final int FRONT_MATTER_LENGTH_MAX = 16 * 1024;
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY).build();

  private static final Pattern FORMAT =
      Pattern.compile(
          "\\A---[ \\t]*\\r?\\n(.*?)^---[ \\t]*(?:\\r?\\n|\\z)(.*)",
          Pattern.DOTALL | Pattern.MULTILINE);

  /** A value that is not valid YAML, such as {@code description: Use it if: no}. */
  private static final Pattern PLAIN_VALUE = Pattern.compile("([A-Za-z_-]+):[ \\t]+([^\"'\\s].*)");

  /** Fields of the front matter, and the options that have their values. */
  private static final Map<String, String> OPTIONS =
      new LinkedHashMap<>(
          Map.of(
              "description", "description",
              "tools", "tools",
              "disallowedTools", "disallowed_tools",
              "model", "model",
              "effort", "effort",
              "maxTurns", "max_turns",
              "skills", "skills",
              "background", "background"));

  private static final Set<String> LISTS = Set.of("tools", "disallowed_tools", "skills");

  /** Fields without an effect in the service. */
  private static final Set<String> IGNORED = Set.of("name", "color");

  /** Returns the file; JSON texts are YAML. */
  String toText() {
    var fields =
        OPTIONS.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .filter(field -> definition.hasNonNull(field.getValue()))
            .map(field -> field.getKey() + ": " + toYaml(definition.path(field.getValue())));
    return Stream.concat(
                Stream.of("---", "name: " + toYaml(YAML.getNodeFactory().stringNode(name))), fields)
            .collect(Collectors.joining("\n", "", "\n---\n"))
        + definition.path("prompt").asString("")
        + "\n";
  }

  /** Returns whether the text, as a file, is this subagent: others cannot be expressed as one. */
  boolean isIn(String file, String text) {
    try {
      return parse(file, name, text).equals(this);
    } catch (InvalidRequestException exception) {
      return false;
    }
  }

  private static String toYaml(JsonNode value) {
    if (!value.isArray()) return value.toString();
    return YAML.getNodeFactory()
        .stringNode(value.valueStream().map(JsonNode::asString).collect(Collectors.joining(", ")))
        .toString();
  }

  /**
   * Reads a file.
   *
   * @param file its path, for errors
   * @param defaultName its name if the front matter has none
   */
  static SubagentFile parse(String file, String defaultName, String text) {
    var format = match(file, text);
    var fields = readFields(file, format.group(1));
    var definition = YAML.createObjectNode();
    for (var field : fields.properties())
      if (!IGNORED.contains(field.getKey())) put(file, field, definition);
    definition.put("prompt", format.group(2).strip());
    var name = fields.path("name");
    if (!name.isMissingNode() && !name.isNull() && !name.isString())
      throw InvalidRequestException.body(
          AgentZip.pointer(file), "must have a text as its name: put the name into quotes");
    return new SubagentFile(name.asString(defaultName), definition);
  }

  /** Returns the fields of the front matter of any such file. */
  static ObjectNode readFrontMatter(String file, String text) {
    return readFields(file, match(file, text).group(1));
  }

  private static Matcher match(String file, String text) {
    if (text.startsWith("\uFEFF"))
      throw InvalidRequestException.body(
          AgentZip.pointer(file), "must not begin with a byte order mark: save it as plain UTF-8");
    var format = FORMAT.matcher(text);
    if (!format.find())
      throw InvalidRequestException.body(
          AgentZip.pointer(file), "must begin with front matter between lines of ---");
    if (format.group(1).length() > FRONT_MATTER_LENGTH_MAX)
      throw InvalidRequestException.body(
          AgentZip.pointer(file), "must have front matter of at most 16,384 characters");
    return format;
  }

  private static void put(String file, Map.Entry<String, JsonNode> field, ObjectNode definition) {
    var option = OPTIONS.get(field.getKey());
    if (option == null)
      throw InvalidRequestException.body(
          AgentZip.pointer(file),
          "has the field " + field.getKey() + ", which is not supported: remove it");
    var value = field.getValue();
    if (value.isNull() || option.equals("model") && value.asString("").equals("inherit")) return;
    if (LISTS.contains(option) && value.isString())
      Arrays.stream(value.asString().split(","))
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .forEach(definition.withArray("/" + option)::add);
    else definition.set(option, value);
  }

  private static ObjectNode readFields(String file, String yaml) {
    try {
      if (readTree(yaml) instanceof ObjectNode fields) return fields;
    } catch (JacksonException unquoted) {
      try {
        if (readTree(quoteValues(yaml)) instanceof ObjectNode fields) return fields;
      } catch (JacksonException unreadable) {
        // The same rule is violated.
      }
    }
    throw InvalidRequestException.body(
        AgentZip.pointer(file),
        "must have front matter in YAML, with each field once and without aliases");
  }

  /** Returns the value; a missing one for a text with aliases, which would be read as texts. */
  private static JsonNode readTree(String yaml) {
    try (var parser = YAML.createParser(yaml)) {
      while (parser.nextToken() != null)
        if (parser instanceof YAMLParser aliases && aliases.isCurrentAlias())
          return YAML.missingNode();
    }
    return YAML.readTree(yaml);
  }

  /** Quotes the values, as Claude Code does if the front matter is not valid YAML. */
  private static String quoteValues(String yaml) {
    return yaml.lines()
        .map(
            line -> {
              var field = PLAIN_VALUE.matcher(line.stripTrailing());
              if (!field.matches()) return line;
              var value = field.group(2).replace("\\", "\\\\").replace("\"", "\\\"");
              return field.group(1) + ": \"" + value + "\"";
            })
        .collect(Collectors.joining("\n"));
  }
}
