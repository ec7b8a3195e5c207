package io.agentledger.gateway.session.stream;

import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.gateway.support.json.PlainJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.socket.WebSocketMessage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Format of the origin document's WebSocket: a message when a run is requested, for each text of
 * its agent, and for its end. The origin document calls the run a task. Other items are omitted.
 */
final class TaskMessageFormat implements StreamFormat<WebSocketMessage> {
  private static final JsonMapper JSON = PlainJson.MAPPER;
  private static final List<String> COMMON = List.of("session_id", "run_id", "sequence", "at");

  private final @Nullable String executionId;

  /**
   * @param executionId execution of the session, which its messages name; null if it has none
   */
  TaskMessageFormat(@Nullable String executionId) {
    this.executionId = executionId;
  }

  @Override
  public StreamFormat<WebSocketMessage> forSession(SessionView session) {
    return session.origin() instanceof SessionOrigin.Task task
        ? new TaskMessageFormat(task.executionId())
        : this;
  }

  @Override
  public @Nullable WebSocketMessage encode(EncodedItem first, EncodedItem last) {
    return switch (first.type()) {
      case "status" ->
          "QueryIssued".equals(first.event()) ? toText(task("task.created", parse(first))) : null;
      case "message" -> encodeOutput(parse(first));
      case "result" -> encodeEnd(parse(first));
      case "error" -> first.runId() == null ? WEB_SOCKET.encode(first, last) : null; // No retries.
      default -> null;
    };
  }

  private static JsonNode parse(EncodedItem item) {
    return JSON.readTree(item.json().toString(StandardCharsets.UTF_8));
  }

  /** Encodes a text of the agent itself. */
  private @Nullable WebSocketMessage encodeOutput(JsonNode item) {
    var isText =
        item.path("role").asString("").equals("assistant")
            && item.at("/block/type").asString("").equals("text")
            && !item.path("parent_tool_use_id").isString();
    return isText ? toText(task("task.output", item).set("text", item.at("/block/text"))) : null;
  }

  private WebSocketMessage encodeEnd(JsonNode item) {
    var stopReason = item.path("stop_reason").asString("");
    var message =
        item.path("is_error").asBoolean(false) || stopReason.equals("interrupted")
            ? task("task.failed", item).put("error", item.path("result").asString(stopReason))
            : task("task.completed", item).set("result", item.path("result"));
    return toText(message.put("stop_reason", stopReason).set("cost_usd", item.path("cost_usd")));
  }

  private ObjectNode task(String type, JsonNode item) {
    var message = JSON.createObjectNode().put("type", type);
    message.put("task_id", executionId == null ? item.path("run_id").asString("") : executionId);
    for (var field : COMMON) message.set(field, item.path(field));
    return message;
  }

  private static WebSocketMessage toText(ObjectNode message) {
    return WEB_SOCKET.encodeJson(JSON.writeValueAsBytes(message));
  }

  @Override
  public WebSocketMessage encodeJson(byte[] object) {
    return WEB_SOCKET.encodeJson(object);
  }

  @Override
  public @Nullable WebSocketMessage ping() {
    return WEB_SOCKET.ping();
  }
}
