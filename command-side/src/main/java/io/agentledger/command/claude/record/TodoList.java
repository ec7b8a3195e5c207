package io.agentledger.command.claude.record;

import io.agentledger.api.shared.Json;
import io.agentledger.command.claude.protocol.ClaudeParser;
import io.agentledger.store.support.UntrustedJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The agent's task list, assembled from the results of its task tools. Confined to one thread. */
final class TodoList {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final Map<String, ObjectNode> items = new LinkedHashMap<>();

  /**
   * @param recorded the recorded list as JSON; empty if there is none
   */
  TodoList(String recorded) {
    if (!recorded.isEmpty()) {
      for (JsonNode item : JSON.readTree(recorded)) {
        items.put(ClaudeParser.text(item, "id"), (ObjectNode) item);
      }
    }
  }

  /**
   * Applies the result of a tool call.
   *
   * @return the whole list if the call changed it
   */
  Optional<Json> apply(String tool, JsonNode input, JsonNode detail) {
    return switch (tool) {
      case "TaskCreate" -> addTask(input, detail.path("task"));
      case "TaskUpdate" -> updateTask(input, detail);
      default -> Optional.empty();
    };
  }

  private Optional<Json> addTask(JsonNode input, JsonNode task) {
    String id = ClaudeParser.text(task, "id");
    if (id.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode item = JSON.createObjectNode();
    item.put("id", id).put("content", ClaudeParser.text(task, "subject")).put("status", "pending");
    setActiveForm(item, input);
    items.put(id, item);
    return Optional.of(toJson());
  }

  private Optional<Json> updateTask(JsonNode input, JsonNode detail) {
    String id = ClaudeParser.text(detail, "taskId");
    ObjectNode item = items.get(id);
    if (item == null || !detail.path("success").asBoolean(false)) {
      return Optional.empty();
    }
    ClaudeParser.optional(input, "subject").ifPresent(subject -> item.put("content", subject));
    setActiveForm(item, input);
    String status = ClaudeParser.text(input, "status");
    if (status.equals("deleted")) {
      items.remove(id);
    } else if (!status.isEmpty()) {
      item.put("status", status);
    }
    return Optional.of(toJson());
  }

  /** Sets the text that describes the task while it is in progress, if the agent gives one. */
  private static void setActiveForm(ObjectNode item, JsonNode input) {
    ClaudeParser.optional(input, "activeForm").ifPresent(form -> item.put("active_form", form));
  }

  private Json toJson() {
    ArrayNode list = JSON.createArrayNode();
    items.values().forEach(list::add);
    return new Json(list.toString());
  }
}
