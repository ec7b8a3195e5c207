package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.WireJson;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
   */
  record Change(String pointer, @Nullable Json oldValue, @Nullable Json newValue) {}

  /**
   * Compares two versions.
   *
   * @param against null for the empty agent
   */
  static AgentDiffResponse between(
      AgentVersionView version, @Nullable AgentVersionView against, WireJson json) {
    var changes = new ArrayList<Change>();
    var old = against == null ? json.parseObject("{}") : fields(against, json);
    compare("", old, fields(version, json), changes);
    return new AgentDiffResponse(
        version.version(), against == null ? 0 : against.version(), changes);
  }

  private static ObjectNode fields(AgentVersionView version, WireJson json) {
    var fields = json.parseObject(json.toText(version)).retain(FIELDS);
    fields.remove("skills");
    if (version.writableFolders().isEmpty()) fields.remove("writable_folders");
    if (version.skills().isEmpty()) return fields;
    var digests = fields.putObject("skills");
    version.skills().forEach(skill -> digests.put(skill.name(), skill.digest()));
    return fields;
  }

  private static void compare(
      String pointer, ObjectNode old, ObjectNode current, List<Change> changes) {
    var names = new LinkedHashSet<>(current.propertyNames());
    names.addAll(old.propertyNames());
    for (var name : names) {
      var position = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
      JsonNode oldValue = old.path(name);
      JsonNode newValue = current.path(name);
      if (oldValue instanceof ObjectNode oldObject && newValue instanceof ObjectNode newObject)
        compare(position, oldObject, newObject, changes);
      else {
        var before = toJson(oldValue);
        var after = toJson(newValue);
        if (before == null ? after != null : !before.equals(after))
          changes.add(new Change(position, before, after));
      }
    }
  }

  private static @Nullable Json toJson(JsonNode value) {
    return value.isMissingNode() || value.isNull() ? null : new Json(value.toString());
  }
}
