package io.agentledger.gateway.template;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.Map;
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
 * {@code ${name}} in texts. {@code $${} stands for <code>${</code> itself; everything else that
 * begins so is refused where a template is made, and never guessed at.
 */
final class Placeholders {
  static final String NAME = "[A-Za-z][A-Za-z0-9_]{0,63}";

  private static final Pattern ONE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?<name>" + NAME + ")}|\\$\\{");

  /** What all texts of one opening may become together, in characters. */
  private static final int LENGTH_MAX = 1_000_000;

  private final Map<String, String> values;
  private int length;

  private Placeholders(Map<String, String> values) {
    this.values = values;
  }

  /** The same tree with values in place of what stands for them. */
  static ObjectNode filled(ObjectNode tree, Map<String, String> values) {
    return (ObjectNode) new Placeholders(values).filled(tree);
  }

  static String filled(String text, Map<String, String> values) {
    return new Placeholders(values).filledText(text);
  }

  private JsonNode filled(JsonNode node) {
    if (node.isString()) return JsonNodeFactory.instance.stringNode(filledText(node.stringValue()));
    if (node instanceof ObjectNode object) {
      var filled = JsonNodeFactory.instance.objectNode();
      object.properties().forEach(field -> filled.set(field.getKey(), filled(field.getValue())));
      return filled;
    }
    if (node instanceof ArrayNode array) {
      var filled = JsonNodeFactory.instance.arrayNode();
      array.forEach(item -> filled.add(filled(item)));
      return filled;
    }
    return node;
  }

  private String filledText(String text) {
    var filled =
        ONE.matcher(text).replaceAll(found -> Matcher.quoteReplacement(value(found.group("name"))));
    length += filled.length();
    if (length > LENGTH_MAX)
      throw InvalidRequestException.body(
          "/variables", "must not make the session longer than 1000000 characters");
    return filled;
  }

  private String value(@Nullable String name) {
    if (name == null) return "${";
    return values.getOrDefault(name, "${" + name + "}");
  }

  /** Every one in the texts of a tree: where it stands, and its name, or what is none. */
  static void each(JsonNode node, String pointer, BiConsumer<String, String> found) {
    if (node.isString()) each(node.stringValue(), pointer, found);
    node.properties()
        .forEach(field -> each(field.getValue(), pointer + "/" + field.getKey(), found));
    if (node.isArray())
      for (int i = 0; i < node.size(); i++) each(node.get(i), pointer + "/" + i, found);
  }

  static void each(String text, String pointer, BiConsumer<String, String> found) {
    var one = ONE.matcher(text);
    while (one.find())
      if (!one.group().equals("$${"))
        found.accept(pointer, one.group("name") == null ? "" : one.group("name"));
  }

  /** Whether something at that place of the tree is said only when it is used. */
  static boolean isOpen(JsonNode tree, InvalidRequestException.Violation violation) {
    var pointer = violation.pointer();
    if (pointer == null) return false;
    var open = new TreeSet<String>();
    each(tree, "", (place, name) -> open.add(place));
    return open.contains(pointer);
  }
}
