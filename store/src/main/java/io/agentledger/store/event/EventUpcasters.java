package io.agentledger.store.event;

import io.agentledger.api.session.RunOptions;
import java.util.List;
import java.util.Set;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Converters of stored events of older revisions, in the order in which they are applied. */
final class EventUpcasters {
  static final List<EventUpcaster> ALL =
      List.of(
          new DenialsCountedUpcaster(),
          new CheckpointWithoutChanges(),
          new RunOptionsOfRevision1(),
          new SharedWithNobody(),
          new AgentWithoutWritableFolders());

  private EventUpcasters() {}

  /** Revision 1 knew no listed users; that of templates no category either. */
  private static final class SharedWithNobody extends SingleEventUpcaster {
    private static final Set<String> NAMES =
        Set.of(
            "AgentCreated",
            "AgentChanged",
            "TaskCreated",
            "TaskChanged",
            "TemplateCreated",
            "TemplateChanged");

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return NAMES.contains(event.getType().getName()) && "1".equals(event.getType().getRevision());
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType(event.getType().getName(), "2"),
          JsonNode.class,
          json -> {
            var fields = (ObjectNode) (json.has("properties") ? json.path("properties") : json);
            fields.putArray("sharedWith");
            if (event.getType().getName().startsWith("Template")) fields.put("category", "");
            return json;
          });
    }
  }

  /** Revision 1 of CheckpointTaken did not record which files had changed. */
  private static final class CheckpointWithoutChanges extends SingleEventUpcaster {
    private static final String NAME = "CheckpointTaken";

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return event.getType().equals(new SimpleSerializedType(NAME, "1"));
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType(NAME, "2"),
          JsonNode.class,
          json -> {
            var fields = (ObjectNode) json;
            fields.put("changedFiles", -1).putObject("changedPaths").put("type", "absent");
            return fields;
          });
    }
  }

  /** Revision 2 of SessionOpened: every agent could write to its whole workspace. */
  private static final class AgentWithoutWritableFolders extends SingleEventUpcaster {
    private static final String NAME = "SessionOpened";

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return event.getType().equals(new SimpleSerializedType(NAME, "2"));
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType(NAME, "3"),
          JsonNode.class,
          json -> {
            ((ObjectNode) json.path("agent")).putArray("writableFolders");
            return json;
          });
    }
  }

  /**
   * Revision 1 of events with options of runs: checkpoints were always taken, and the allowed tools
   * were added to the defaults, which they replace since.
   */
  private static final class RunOptionsOfRevision1 extends SingleEventUpcaster {
    private static final Set<String> NAMES = Set.of("SessionOpened", "QueryIssued", "QueryQueued");

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return NAMES.contains(event.getType().getName()) && "1".equals(event.getType().getRevision());
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType(event.getType().getName(), "2"),
          JsonNode.class,
          json -> {
            var options = (ObjectNode) json.path("options");
            var tools = options.arrayNode().add(RunOptions.DEFAULT_RULE);
            options.path("allowedTools").forEach(tools::add);
            options.put("checkpointing", true).set("allowedTools", tools);
            return json;
          });
    }
  }
}
