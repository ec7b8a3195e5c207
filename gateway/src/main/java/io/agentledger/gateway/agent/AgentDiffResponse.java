package io.agentledger.gateway.agent;

import io.agentledger.api.agent.AgentVersionView;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.JsonComparison;
import io.agentledger.gateway.support.json.WireJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
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
    var old = fields(against, json);
    var current = fields(version, json);
    var shownOld = fields(against == null ? null : redactor.apply(against), json);
    var shownCurrent = fields(redactor.apply(version), json);
    var changes = new ArrayList<Change>();
    for (var pointer : JsonComparison.differences(old, current)) {
      var before = shownOld.at(pointer);
      var after = shownCurrent.at(pointer);
      boolean redacted = !before.equals(old.at(pointer)) || !after.equals(current.at(pointer));
      changes.add(
          new Change(
              pointer.toString(),
              JsonComparison.toJson(before),
              JsonComparison.toJson(after),
              redacted));
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
}
