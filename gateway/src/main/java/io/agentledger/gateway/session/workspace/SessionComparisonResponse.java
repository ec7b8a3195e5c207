package io.agentledger.gateway.session.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionComparison;
import io.agentledger.api.session.query.SessionComparison.EventCount;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.Json;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.gateway.support.json.JsonComparison;
import io.agentledger.gateway.support.json.WireJson;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Differences of a session between two positions.
 *
 * @param from sequence of the last event of the earlier position
 * @param to sequence of the last event of the later position
 * @param changes values of the session that differ; lists are compared as a whole
 * @param events what was recorded between the positions, by name
 * @param files differences between the last checkpoints of both positions
 */
record SessionComparisonResponse(
    SessionId sessionId,
    long from,
    long to,
    List<Change> changes,
    List<EventCount> events,
    FileChanges files) {
  /** Properties that are different after every event. */
  private static final Set<String> POSITION = Set.of("sequence", "updated_at");

  /**
   * A value that differs.
   *
   * @param pointer its position in the session as a JSON Pointer
   * @param oldValue null if there was none
   * @param newValue null if there is none
   */
  record Change(String pointer, @Nullable Json oldValue, @Nullable Json newValue) {}

  static SessionComparisonResponse of(
      SessionComparison comparison, FileChanges files, WireJson json) {
    var old = fields(comparison.before(), json);
    var current = fields(comparison.after(), json);
    var changes =
        JsonComparison.differences(old, current).stream()
            .map(
                pointer ->
                    new Change(
                        pointer.toString(),
                        JsonComparison.toJson(old.at(pointer)),
                        JsonComparison.toJson(current.at(pointer))))
            .toList();
    return new SessionComparisonResponse(
        comparison.after().id(),
        comparison.before().sequence(),
        comparison.after().sequence(),
        changes,
        comparison.events(),
        files);
  }

  private static ObjectNode fields(SessionView view, WireJson json) {
    return json.parseObject(json.toText(view)).remove(POSITION);
  }
}
