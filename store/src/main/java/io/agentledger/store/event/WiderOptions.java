package io.agentledger.store.event;

import java.util.Set;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Options once knew neither fallback model nor thinking nor output schema: nobody wished them. */
final class WiderOptions extends SingleEventUpcaster {
  private static final Set<String> WITH_OPTIONS =
      Set.of("QueryIssued", "QueryQueued", "SessionOpened");

  @Override
  protected boolean canUpcast(IntermediateEventRepresentation event) {
    return WITH_OPTIONS.contains(event.getType().getName())
        && "1".equals(event.getType().getRevision());
  }

  @Override
  protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
    return event.upcastPayload(
        new SimpleSerializedType(event.getType().getName(), "2"),
        JsonNode.class,
        json -> {
          var options = (ObjectNode) json.path("options");
          options.put("fallbackModel", "").putNull("outputSchema");
          options.putObject("thinking").put("kind", "Standard");
          return json;
        });
  }
}
