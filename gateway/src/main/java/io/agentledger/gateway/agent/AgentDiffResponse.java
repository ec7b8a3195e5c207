package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.WireJson;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonPointer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Differences between two versions of an agent.
 *
 * @param version version with the new values
 * @param against version with the old values; 0 is the empty agent before the first version
 * @param changes in the order of the fields; lists are compared as a whole
 */
record AgentDiffResponse(long version, long against, List<Change> changes) {
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "sharing",
          "shared_with",
          "description",
          "session",
          "instructions",
          "skills",
          "writable_folders");

  /**
   * A value that differs; that of a skill is its digest.
   *
   * @param pointer its position in the agent as a JSON Pointer
   * @param oldValue null if there was none
   * @param newValue null if there is none
   * @param redacted whether the caller is not shown all of both values
   */
  record Change(
      String pointer, @Nullable Json oldValue, @Nullable Json newValue, boolean redacted) {}

  /**
   * Compares two versions.
   *
   * @param version with all of its values, like the other one
   * @param against null for the empty agent
   * @param redactor returns a version as the caller is shown it
   */
  static AgentDiffResponse between(
      AgentVersionView version,
      @Nullable AgentVersionView against,
      UnaryOperator<AgentVersionView> redactor,
      WireJson json) {
    var pointers = new ArrayList<JsonPointer>();
    var old = fields(against, json);
    var current = fields(version, json);
    compare(JsonPointer.empty(), old, current, pointers);
    var shownOld = fields(against == null ? null : redactor.apply(against), json);
    var shownCurrent = fields(redactor.apply(version), json);
    var changes = new ArrayList<Change>();
    for (var pointer : pointers) {
      var before = shownOld.at(pointer);
      var after = shownCurrent.at(pointer);
      boolean redacted = !before.equals(old.at(pointer)) || !after.equals(current.at(pointer));
      changes.add(new Change(pointer.toString(), toJson(before), toJson(after), redacted));
    }
    return new AgentDiffResponse(
        version.version(), against == null ? 0 : against.version(), changes);
  }

  private static ObjectNode fields(@Nullable AgentVersionView version, WireJson json) {
    if (version == null) return json.parseObject("{}");
    var fields = json.parseObject(json.toText(version)).retain(FIELDS);
    fields.remove("skills");
    if (version.writableFolders().isEmpty()) fields.remove("writable_folders");
    if (version.skills().isEmpty()) return fields;
    var digests = fields.putObject("skills");
    version.skills().forEach(skill -> digests.put(skill.name(), skill.digest()));
    return fields;
  }

  private static void compare(
      JsonPointer pointer, ObjectNode old, ObjectNode current, List<JsonPointer> changes) {
    var names = new LinkedHashSet<>(current.propertyNames());
    names.addAll(old.propertyNames());
    for (var name : names) {
      var position = pointer.appendProperty(name);
      JsonNode oldValue = old.path(name);
      JsonNode newValue = current.path(name);
      if (oldValue instanceof ObjectNode oldObject && newValue instanceof ObjectNode newObject)
        compare(position, oldObject, newObject, changes);
      else if (isAbsent(oldValue) ? !isAbsent(newValue) : !oldValue.equals(newValue))
        changes.add(position);
    }
  }

  private static boolean isAbsent(JsonNode value) {
    return value.isMissingNode() || value.isNull();
  }

  private static @Nullable Json toJson(JsonNode value) {
    return isAbsent(value) ? null : new Json(value.toString());
  }
}
