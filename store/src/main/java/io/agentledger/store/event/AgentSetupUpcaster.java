package io.agentledger.store.event;

import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Setups once said nothing of previews: questions had none. */
final class AgentSetupUpcaster extends SingleEventUpcaster {
  @Override
  protected boolean canUpcast(IntermediateEventRepresentation event) {
    return "SetupGiven".equals(event.getType().getName())
        && "1".equals(event.getType().getRevision());
  }

  @Override
  protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
    return event.upcastPayload(
        new SimpleSerializedType(event.getType().getName(), "2"),
        JsonNode.class,
        json -> ((ObjectNode) json).put("previewFormat", "none"));
  }
}
