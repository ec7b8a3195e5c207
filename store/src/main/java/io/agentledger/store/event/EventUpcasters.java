package io.agentledger.store.event;

import io.agentledger.api.session.RunOptions;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Converters of stored events of older revisions, in the order in which they are applied. */
final class EventUpcasters {
  /** Revision 1 did not record which files had changed. */
  private static final EventUpcaster CHECKPOINT_TAKEN =
      new FieldUpcaster(
          1,
          Set.of("CheckpointTaken"),
          event -> event.put("changedFiles", -1).putObject("changedPaths").put("type", "absent"));

  /**
   * With revision 1, checkpoints were always taken, and the allowed tools were added to the
   * defaults, which they replace since.
   */
  private static final EventUpcaster RUN_OPTIONS =
      new FieldUpcaster(
          1,
          Set.of("SessionOpened", "QueryIssued", "QueryQueued"),
          event -> {
            var options = (ObjectNode) event.path("options");
            var tools = options.arrayNode().add(RunOptions.DEFAULT_RULE);
            options.path("allowedTools").forEach(tools::add);
            options.put("checkpointing", true).set("allowedTools", tools);
          });

  /** With revision 2, every agent could write to its whole workspace. */
  private static final EventUpcaster WRITABLE_FOLDERS =
      new FieldUpcaster(
          2,
          Set.of("SessionOpened"),
          event -> ((ObjectNode) event.path("agent")).putArray("writableFolders"));

  /** Revision 1 knew no listed users. */
  private static final EventUpcaster SHARED_AGENTS =
      new FieldUpcaster(
          1, Set.of("AgentCreated", "AgentChanged"), event -> event.putArray("sharedWith"));

  private static final EventUpcaster SHARED_TASKS =
      new FieldUpcaster(
          1,
          Set.of("TaskCreated", "TaskChanged"),
          event -> ((ObjectNode) event.path("properties")).putArray("sharedWith"));

  /** Revision 1 knew neither listed users nor categories. */
  private static final EventUpcaster SHARED_TEMPLATES =
      new FieldUpcaster(
          1,
          Set.of("TemplateCreated", "TemplateChanged"),
          event -> event.put("category", "").putArray("sharedWith"));

  /** Revision 1 knew neither templates nor schedules of reports. */
  private static final EventUpcaster REPORT_TEMPLATES =
      new FieldUpcaster(
          1,
          Set.of("ReportRequested"),
          event -> {
            ((ObjectNode) event.path("definition")).putArray("template");
            event.putArray("schedule");
          });

  /** Revision 1 did not name the run. */
  private static final EventUpcaster QUERY_WITHDRAWN =
      new FieldUpcaster(1, Set.of("QueryWithdrawn"), event -> event.putArray("runId"));

  static final List<EventUpcaster> ALL =
      List.of(
          new DenialsCountedUpcaster(),
          CHECKPOINT_TAKEN,
          RUN_OPTIONS,
          WRITABLE_FOLDERS,
          SHARED_AGENTS,
          SHARED_TASKS,
          SHARED_TEMPLATES,
          REPORT_TEMPLATES,
          QUERY_WITHDRAWN);

  private EventUpcasters() {}

  /** Converter of one revision to the next, which changes fields of the event. */
  private static final class FieldUpcaster extends SingleEventUpcaster {
    private final int revision;
    private final Set<String> names;
    private final Consumer<ObjectNode> change;

    FieldUpcaster(int revision, Set<String> names, Consumer<ObjectNode> change) {
      this.revision = revision;
      this.names = names;
      this.change = change;
    }

    @Override
    protected boolean canUpcast(IntermediateEventRepresentation event) {
      return names.contains(event.getType().getName())
          && String.valueOf(revision).equals(event.getType().getRevision());
    }

    @Override
    protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
      return event.upcastPayload(
          new SimpleSerializedType(event.getType().getName(), String.valueOf(revision + 1)),
          JsonNode.class,
          json -> {
            change.accept((ObjectNode) json);
            return json;
          });
    }
  }
}
