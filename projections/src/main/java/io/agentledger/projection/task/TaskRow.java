package io.agentledger.projection.task;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskEvent.TaskChanged;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.projection.support.JsonConverter;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.SharedWithColumn;
import io.agentledger.projection.support.VersionedRow;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** One task. */
@Entity
@Table(name = "task_row")
@SuppressWarnings("NullAway.Init")
public class TaskRow extends VersionedRow {
  private String owner;

  @Enumerated(EnumType.STRING)
  private TaskSharing sharing;

  /** Ids that are separated by blanks. */
  private String sharedWith;

  private String category;

  /** Each tag between line feeds, so that a whole tag can be found. */
  private String tags;

  @Convert(converter = ScheduleColumn.class)
  private TaskSchedule schedule;

  private boolean paused;
  private String pauseReason;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected TaskRow() {}

  TaskRow(TaskCreated event, DomainEventMessage<?> message) {
    super(event.properties().name(), message);
    this.owner = event.ownerId().value();
    this.pauseReason = "";
    assign(event.properties());
    this.definition = SealedContent.of(TaskCreated.class, "definition", event.definition());
  }

  void update(TaskChanged event) {
    recordVersion(event.version());
    rename(event.properties().name());
    assign(event.properties());
    definition = SealedContent.of(TaskChanged.class, "definition", event.definition());
  }

  private void assign(TaskProperties properties) {
    sharing = properties.sharing();
    sharedWith = SharedWithColumn.toText(properties.sharedWith());
    category = properties.category();
    tags = "\n" + String.join("\n", properties.tags()) + "\n";
    schedule = properties.schedule();
  }

  void pause(String reason) {
    paused = true;
    pauseReason = reason;
  }

  void resume() {
    paused = false;
    pauseReason = "";
  }

  public String owner() {
    return owner;
  }

  public List<UserId> sharedWith() {
    return SharedWithColumn.toUsers(sharedWith);
  }

  public TaskSharing sharing() {
    return sharing;
  }

  public String category() {
    return category;
  }

  public List<String> tags() {
    return tags.lines().filter(tag -> !tag.isEmpty()).toList();
  }

  public TaskSchedule schedule() {
    return schedule;
  }

  public boolean paused() {
    return paused;
  }

  /** Returns the reason of the service; empty if a user paused the schedule. */
  public String pauseReason() {
    return pauseReason;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }

  @Immutable
  static final class ScheduleColumn extends JsonConverter<TaskSchedule> {
    ScheduleColumn() {
      super(TaskSchedule.class);
    }
  }
}
