package io.agentledger.gateway.support.json;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Id;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.util.NameTransformer;

/** Writes one flat object with the common fields and those of the body. */
final class StreamItemSerializer extends ValueSerializer<StreamItem> {
  @Override
  public void serialize(StreamItem item, JsonGenerator json, SerializationContext context) {
    json.writeStartObject();
    json.writeStringProperty("type", item.type());
    if (item.event() != null) json.writeStringProperty("event", item.event());
    writeId(json, "session_id", item.sessionId());
    writeId(json, "run_id", item.runId());
    writeId(json, "thread_id", item.threadId());
    writeId(json, "parent_tool_use_id", item.parentToolUseId());
    if (item.sequence() != null) json.writeNumberProperty("sequence", item.sequence());
    json.writeStringProperty("at", item.at().toString());
    if (item.body() instanceof StreamItem.Status status) writeFields(status, json);
    else
      context
          .findValueSerializer(item.body().getClass())
          .unwrappingSerializer(NameTransformer.NOP)
          .serialize(item.body(), json, context);
    json.writeEndObject();
  }

  private static void writeFields(StreamItem.Status status, JsonGenerator json) {
    status
        .fields()
        .forEach((name, value) -> json.writePOJOProperty(WireNames.toSnakeCase(name), value));
  }

  private static void writeId(JsonGenerator json, String name, @Nullable Id id) {
    if (id != null) json.writeStringProperty(name, id.value());
  }
}
