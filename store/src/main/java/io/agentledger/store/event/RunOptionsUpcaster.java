package io.agentledger.store.event;

import java.util.Set;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Options once knew neither fallback model nor thinking nor output schema, and later not what is
 * seen of thinking: nobody wished them.
 */
final class RunOptionsUpcaster extends SingleEventUpcaster {
  private static final Set<String> WITH_OPTIONS = Set.of("QueryIssued", "QueryQueued");

  /** The kinds of thinking of which something may be seen. */
  private static final Set<String> SHOWN = Set.of("Adaptive", "Enabled");

  @Override
  protected boolean canUpcast(IntermediateEventRepresentation event) {
    return WITH_OPTIONS.contains(event.getType().getName())
        && ("1".equals(event.getType().getRevision()) || "2".equals(event.getType().getRevision()));
  }

  @Override
  protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
    return event.upcastPayload(
        new SimpleSerializedType(event.getType().getName(), "3"),
        JsonNode.class,
        json -> {
          var options = (ObjectNode) json.path("options");
          if (options.path("thinking") instanceof ObjectNode thinking) withDisplay(thinking);
          else withThinking(options);
          return json;
        });
  }

  private static void withThinking(ObjectNode options) {
    options.put("fallbackModel", "").putNull("outputSchema");
    options.putObject("thinking").put("kind", "Standard");
  }

  private static void withDisplay(ObjectNode thinking) {
    if (SHOWN.contains(thinking.path("kind").asString(""))) thinking.put("display", "standard");
  }
}
