package io.agentledger.command.task;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionRequest;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskDefinition;
import io.agentledger.api.task.TaskEvent.TaskArchived;
import io.agentledger.api.task.TaskEvent.TaskChanged;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.api.task.TaskEvent.TaskPaused;
import io.agentledger.api.task.TaskEvent.TaskResumed;
import io.agentledger.api.task.TaskId;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import java.util.Optional;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads tasks and the requests of executions from the event store. */
record TaskReader(EventStore store, Sealer sealer) {
  private static final JsonMapper JSON = JsonMappers.mapper();

  /**
   * Task whose schedule is in effect.
   *
   * @param sequence of the event that set the schedule
   */
  record ScheduledTask(
      TenantId tenant,
      long version,
      TaskProperties properties,
      TaskDefinition definition,
      long sequence) {}

  /** Execution as it was queued. */
  record QueuedExecution(ExecutionQueued event, ExecutionRequest request) {}

  /** Returns the task; empty while it is paused, and after it was archived. */
  Optional<ScheduledTask> findScheduled(TaskId task) {
    var reading = new Reading();
    store.readEvents(task.value()).forEachRemaining(reading::on);
    return reading.toTask(task);
  }

  /** State of a task after the events that were read so far. */
  private final class Reading {
    private @Nullable DomainEventMessage<?> definedBy;
    private long version = 1;
    private long sequence;
    private boolean active = true;

    private void on(DomainEventMessage<?> message) {
      switch (message.getPayload()) {
        case TaskCreated _ -> define(message);
        case TaskChanged changed -> {
          version = changed.version();
          define(message);
        }
        case TaskPaused _, TaskArchived _ -> active = false;
        case TaskResumed _ -> {
          active = true;
          sequence = message.getSequenceNumber();
        }
        default -> {}
      }
    }

    private void define(DomainEventMessage<?> message) {
      definedBy = message;
      sequence = message.getSequenceNumber();
    }

    private Optional<ScheduledTask> toTask(TaskId task) {
      var message = definedBy;
      if (message == null || !active) return Optional.empty();
      var tenant = Provenance.of(message.getMetaData()).tenant();
      return Optional.of(
          switch (message.getPayload()) {
            case TaskCreated event -> toTask(tenant, event.properties(), task, event.definition());
            case TaskChanged event -> toTask(tenant, event.properties(), task, event.definition());
            default -> throw new IllegalStateException("not the definition of a task");
          });
    }

    private ScheduledTask toTask(
        TenantId tenant, TaskProperties properties, TaskId task, Content definition) {
      var event = version == 1 ? TaskCreated.class : TaskChanged.class;
      var text = sealer.open(task, event, "definition", definition);
      return new ScheduledTask(
          tenant, version, properties, JSON.readValue(text, TaskDefinition.class), sequence);
    }
  }

  /** Returns whether an execution was queued, whether or not it has ended. */
  boolean isQueued(ExecutionId execution) {
    return store.lastSequenceNumberFor(execution.value()).isPresent();
  }

  /** Reads the first event of an execution. */
  QueuedExecution readQueued(ExecutionId execution) {
    var events = store.readEvents(execution.value());
    if (!events.hasNext() || !(events.next().getPayload() instanceof ExecutionQueued queued))
      throw new IllegalStateException("no execution " + execution);
    var text = sealer.open(execution, ExecutionQueued.class, "request", queued.request());
    return new QueuedExecution(queued, JSON.readValue(text, ExecutionRequest.class));
  }
}
