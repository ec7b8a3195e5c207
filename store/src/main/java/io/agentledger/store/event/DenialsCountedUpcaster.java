package io.agentledger.store.event;

import java.util.List;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Revision 2 of DenialsCounted has actor, user agent and request ids; they were not recorded. */
final class DenialsCountedUpcaster extends SingleEventUpcaster {
  private static final String NAME = "DenialsCounted";
  private static final List<String> NEW_FIELDS =
      List.of("actor", "userAgent", "firstRequestId", "lastRequestId");

  @Override
  protected boolean canUpcast(IntermediateEventRepresentation event) {
    return event.getType().equals(new SimpleSerializedType(NAME, "1"));
  }

  @Override
  protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
    return event.upcastPayload(
        new SimpleSerializedType(NAME, "2"), JsonNode.class, DenialsCountedUpcaster::addFields);
  }

  private static JsonNode addFields(JsonNode event) {
    for (var count : event.path("counts"))
      NEW_FIELDS.forEach(field -> ((ObjectNode) count).put(field, ""));
    return event;
  }
}
