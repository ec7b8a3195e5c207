package io.agentledger.client.support;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.stream.ProgressBody;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.session.stream.StreamItem.Body;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.node.ObjectNode;

/**
 * Deserializes the items of a stream. An item of an unknown type, or with a changed shape that its
 * record cannot represent, becomes a {@link StreamItem.Status} with all of its fields, so that a
 * client works with a newer service.
 */
final class StreamItemDeserializer {
  private static final Map<String, Class<? extends Body>> BODIES =
      Map.ofEntries(
          Map.entry("init", StreamItem.Init.class),
          Map.entry("message", StreamItem.Message.class),
          Map.entry("partial", StreamItem.Partial.class),
          Map.entry("progress", ProgressBody.class),
          Map.entry("tool", StreamItem.Tool.class),
          Map.entry("permission", StreamItem.Permission.class),
          Map.entry("question", StreamItem.Question.class),
          Map.entry("elicitation", StreamItem.Elicitation.class),
          Map.entry("todo", StreamItem.Todo.class),
          Map.entry("checkpoint", StreamItem.Checkpoint.class),
          Map.entry("result", StreamItem.Result.class),
          Map.entry("error", StreamItem.Error.class),
          Map.entry("done", StreamItem.Done.class));

  private StreamItemDeserializer() {}

  static StreamItem read(ObjectNode node, DeserializationContext context) {
    return new StreamItem(
        node.path("type").asString(""),
        readText(node, "event"),
        new SessionId(node.path("session_id").asString("")),
        parseId(readText(node, "run_id"), RunId::new),
        parseId(readText(node, "thread_id"), ThreadId::new),
        parseId(readText(node, "parent_tool_use_id"), ToolCallId::new),
        node.path("sequence").isNumber() ? node.path("sequence").asLong() : null,
        Instant.parse(node.path("at").asString("")),
        readBody(node, context));
  }

  private static Body readBody(ObjectNode node, DeserializationContext context) {
    var bodyType = BODIES.get(node.path("type").asString(""));
    if (bodyType != null)
      try {
        return context.readTreeAsValue(node, bodyType);
      } catch (JacksonException exception) {
        return readStatus(node, context);
      }
    return readStatus(node, context);
  }

  private static StreamItem.Status readStatus(ObjectNode node, DeserializationContext context) {
    var fields = new LinkedHashMap<String, Object>();
    @SuppressWarnings("unchecked")
    Map<String, Object> values = context.readTreeAsValue(node, HashMap.class);
    node.propertyNames().forEach(name -> fields.put(name, values.get(name)));
    for (var common :
        new String[] {
          "type",
          "event",
          "session_id",
          "run_id",
          "thread_id",
          "parent_tool_use_id",
          "sequence",
          "at"
        }) fields.remove(common);
    return new StreamItem.Status(fields);
  }

  private static @Nullable String readText(ObjectNode node, String name) {
    return node.path(name).isString() ? node.path(name).asString() : null;
  }

  private static <T> @Nullable T parseId(
      @Nullable String value, java.util.function.Function<String, T> parser) {
    return value == null ? null : parser.apply(value);
  }
}
