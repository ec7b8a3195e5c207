package io.agentledger.projection.audit;

import static io.agentledger.projection.audit.ConfigurationJson.isSealed;
import static io.agentledger.projection.audit.ConfigurationJson.isWithheld;
import static io.agentledger.projection.audit.ConfigurationJson.shown;

import io.agentledger.api.audit.AuditChange;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Differences between two states of a configuration, sorted by field and bounded by the limits of
 * {@link AuditChange}. Elements of a list of objects are compared by their names, or by their
 * positions if they have none; a list of values is one value.
 */
final class ConfigurationDiff {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final List<ObjectNode> changes = new ArrayList<>();
  private int length;
  private int omitted;

  private ConfigurationDiff() {}

  /**
   * Compares two states.
   *
   * @param path path of the objects; empty for a whole configuration
   */
  static ConfigurationDiff between(String path, ObjectNode before, ObjectNode after) {
    var diff = new ConfigurationDiff();
    diff.compareObjects(path, before, after);
    return diff;
  }

  /** Returns the changes as JSON; null for none. */
  @Nullable String toJson() {
    return changes.isEmpty() ? null : NODES.arrayNode().addAll(changes).toString();
  }

  /** Returns the number of changes beyond the limits. */
  int omitted() {
    return omitted;
  }

  private void compare(String path, @Nullable JsonNode before, @Nullable JsonNode after) {
    if (isEmpty(before) && isEmpty(after)) return;
    if (isWithheld(before) || isWithheld(after)) {
      if (isSealed(before) || isSealed(after) || !isSame(before, after))
        add(path, shown(before), shown(after), true);
    } else if (hasObjects(before) || hasObjects(after)) {
      compareObjects(path, elements(before), elements(after));
    } else if (isObject(before) || isObject(after)) {
      compareObjects(path, object(before), object(after));
    } else if (!isSame(before, after)) add(path, before, after, false);
  }

  private void compareObjects(String path, ObjectNode before, ObjectNode after) {
    var names = new TreeSet<>(before.propertyNames());
    names.addAll(after.propertyNames());
    for (String name : names) {
      String separator = path.isEmpty() || name.startsWith("[") ? "" : ".";
      compare(path + separator + name, before.get(name), after.get(name));
    }
  }

  /** Compares the texts, because numbers have other node types after they were read. */
  private static boolean isSame(@Nullable JsonNode before, @Nullable JsonNode after) {
    return String.valueOf(before).equals(String.valueOf(after));
  }

  private static boolean isEmpty(@Nullable JsonNode node) {
    return node == null || node.isNull() || node.isContainer() && node.isEmpty();
  }

  private static boolean isObject(@Nullable JsonNode node) {
    return node != null && node.isObject();
  }

  private static ObjectNode object(@Nullable JsonNode node) {
    return node instanceof ObjectNode object ? object : NODES.objectNode();
  }

  private static boolean hasObjects(@Nullable JsonNode node) {
    return node != null && node.isArray() && !node.isEmpty() && node.get(0).isObject();
  }

  /** Returns the elements by their names in brackets, or by their positions. */
  private static ObjectNode elements(@Nullable JsonNode list) {
    var byName = NODES.objectNode();
    var byPosition = NODES.objectNode();
    if (list == null) return byName;
    int position = 0;
    for (var element : list) {
      byName.set("[" + element.path("name").asString("") + "]", element);
      byPosition.set("[" + position++ + "]", element);
    }
    boolean isNamed = byName.size() == list.size() && !byName.has("[]");
    return isNamed ? byName : byPosition;
  }

  private void add(
      String path, @Nullable JsonNode before, @Nullable JsonNode after, boolean isWithheld) {
    var change = NODES.objectNode().put("field", path);
    var shownBefore = truncate(before);
    var shownAfter = truncate(after);
    change.set("before", shownBefore);
    change.set("after", shownAfter);
    change.put("withheld", isWithheld);
    change.put("truncated", !same(shownBefore, before) || !same(shownAfter, after));
    int changeLength = change.toString().length();
    if (changes.size() == AuditChange.CHANGES_MAX
        || length + changeLength > AuditChange.LENGTH_MAX) {
      omitted++;
      return;
    }
    length += changeLength;
    changes.add(change);
  }

  private static boolean same(JsonNode shown, @Nullable JsonNode value) {
    return shown.equals(value) || shown.isNull() && value == null;
  }

  private static JsonNode truncate(@Nullable JsonNode value) {
    if (value == null) return NODES.nullNode();
    if (value.isString()) {
      String text = value.asString();
      int end = Math.min(text.length(), AuditChange.VALUE_LENGTH_MAX);
      if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) end--;
      return NODES.stringNode(text.substring(0, end));
    }
    if (!(value instanceof ArrayNode list)) return value;
    var shown = NODES.arrayNode();
    int shownLength = 0;
    for (var element : list) {
      shownLength += element.toString().length();
      if (shownLength > AuditChange.VALUE_LENGTH_MAX) break;
      shown.add(element);
    }
    return shown;
  }
}
