package io.agentledger.gateway.support.json;

import io.agentledger.api.shared.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Compares JSON objects property by property. */
public final class JsonComparison {
  private JsonComparison() {}

  /**
   * Returns the positions of the values that differ, in the order of the properties. Lists are
   * compared as a whole; null is the same as absent.
   */
  public static List<JsonPointer> differences(ObjectNode old, ObjectNode current) {
    var differences = new ArrayList<JsonPointer>();
    compare(JsonPointer.empty(), old, current, differences);
    return differences;
  }

  private static void compare(
      JsonPointer pointer, ObjectNode old, ObjectNode current, List<JsonPointer> differences) {
    var names = new LinkedHashSet<>(current.propertyNames());
    names.addAll(old.propertyNames());
    for (var name : names) {
      var position = pointer.appendProperty(name);
      JsonNode oldValue = old.path(name);
      JsonNode newValue = current.path(name);
      if (oldValue instanceof ObjectNode oldObject && newValue instanceof ObjectNode newObject)
        compare(position, oldObject, newObject, differences);
      else if (isAbsent(oldValue) ? !isAbsent(newValue) : !oldValue.equals(newValue))
        differences.add(position);
    }
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  /** Returns the value; null if it is absent or null. */
  public static @Nullable Json toJson(JsonNode value) {
    return isAbsent(value) ? null : new Json(value.toString());
  }
}
