package io.agentledger.gateway.template;

import io.agentledger.api.template.VariableType;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Placeholders {@code ${name}} in texts. A text that is nothing but the placeholder of a number or
 * a boolean becomes that number or boolean; without a value, its field is left out. {@code $$} in
 * front of the brace makes it literal text. Other text that begins like a placeholder is rejected
 * when the template is created.
 */
final class Placeholders {
  static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,63}";

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\$\\$\\{|\\$\\{(?<name>" + NAME + ")}|\\$\\{");

  /** Maximum length of all texts of one rendered template, in characters. */
  private static final int LENGTH_MAX = 1_000_000;

  /** Value of a variable; an empty one is that of an optional variable. */
  record Value(String text, VariableType type) {
    private Optional<JsonNode> toLiteral() {
      if (text.isEmpty() || !type.isJsonLiteral()) return Optional.empty();
      var json = JsonNodeFactory.instance;
      return Optional.of(
          switch (type) {
            case BOOLEAN -> json.booleanNode(text.equals("true"));
            case INTEGER -> json.numberNode(Long.parseLong(text));
            case NUMBER ->
                text.indexOf('.') < 0
                    ? json.numberNode(Long.parseLong(text))
                    : json.numberNode(new BigDecimal(text));
            case TEXT, DATE -> json.stringNode(text);
          });
    }
  }

  private final Map<String, Value> values;
  private int length;

  private Placeholders(Map<String, Value> values) {
    this.values = values;
  }

  /** Returns a copy of the tree with values in place of the placeholders. */
  static ObjectNode fill(ObjectNode tree, Map<String, Value> values) {
    return (ObjectNode) new Placeholders(values).fillNode(tree);
  }

  static String fill(String text, Map<String, Value> values) {
    return new Placeholders(values).fillText(text);
  }

  private JsonNode fillNode(JsonNode node) {
    if (node.isString())
      return findLiteral(node.stringValue())
          .orElseGet(() -> JsonNodeFactory.instance.stringNode(fillText(node.stringValue())));
    if (node instanceof ObjectNode object) {
      var filled = JsonNodeFactory.instance.objectNode();
      for (var field : object.properties())
        if (!isLeftOut(field.getValue())) filled.set(field.getKey(), fillNode(field.getValue()));
      return filled;
    }
    if (node instanceof ArrayNode array) {
      var filled = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> filled.add(fillNode(item)));
      return filled;
    }
    return node;
  }

  private Optional<JsonNode> findLiteral(String text) {
    return findWhole(text).flatMap(Value::toLiteral);
  }

  private boolean isLeftOut(JsonNode node) {
    return node.isString()
        && findWhole(node.stringValue())
            .filter(value -> value.text().isEmpty() && value.type().isJsonLiteral())
            .isPresent();
  }

  /** Returns the value of a text that is nothing but its placeholder. */
  private Optional<Value> findWhole(String text) {
    var placeholder = PLACEHOLDER.matcher(text);
    return placeholder.matches() && placeholder.group("name") != null
        ? Optional.ofNullable(values.get(placeholder.group("name")))
        : Optional.empty();
  }

  private String fillText(String text) {
    var filled = new StringBuilder();
    var placeholders = PLACEHOLDER.matcher(text);
    while (placeholders.find()) {
      var value = valueOrPlaceholder(placeholders.group("name"));
      placeholders.appendReplacement(filled, Matcher.quoteReplacement(value));
      requireLength(filled.length());
    }
    placeholders.appendTail(filled);
    requireLength(filled.length());
    length += filled.length();
    return filled.toString();
  }

  private void requireLength(int more) {
    if (length + more > LENGTH_MAX)
      throw InvalidRequestException.body(
          "/variables", "must not make the session longer than 1000000 characters");
  }

  private String valueOrPlaceholder(@Nullable String name) {
    if (name == null) return "${";
    var value = values.get(name);
    return value == null ? "${" + name + "}" : value.text();
  }

  /**
   * Visits every placeholder in the texts of a tree with its position and its name, or with its
   * text if it is invalid.
   */
  static void forEachPlaceholder(
      JsonNode node, String pointer, BiConsumer<String, String> visitor) {
    if (node.isString()) forEachPlaceholder(node.stringValue(), pointer, visitor);
    node.properties()
        .forEach(
            field -> forEachPlaceholder(field.getValue(), pointer + "/" + field.getKey(), visitor));
    if (node.isArray())
      for (int i = 0; i < node.size(); i++)
        forEachPlaceholder(node.get(i), pointer + "/" + i, visitor);
  }

  static void forEachPlaceholder(String text, String pointer, BiConsumer<String, String> visitor) {
    var matcher = PLACEHOLDER.matcher(text);
    while (matcher.find())
      if (!matcher.group().equals("$${"))
        visitor.accept(pointer, matcher.group("name") == null ? "" : matcher.group("name"));
  }

  static boolean hasPlaceholder(String text) {
    return PLACEHOLDER.matcher(text).find();
  }

  /**
   * Returns whether the text at that position contains a placeholder, so that it can be validated
   * only when it is rendered.
   */
  static boolean hasPlaceholderAt(JsonNode tree, InvalidRequestException.Violation violation) {
    var pointer = violation.pointer();
    if (pointer == null) return false;
    var pointers = new TreeSet<String>();
    forEachPlaceholder(tree, "", (at, name) -> pointers.add(at));
    return pointers.contains(pointer);
  }
}
