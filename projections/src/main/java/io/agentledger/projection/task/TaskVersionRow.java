package io.agentledger.projection.task;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.api.task.TaskSharing;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.projection.support.SealedContentConverter;
import io.agentledger.projection.support.SharedWithColumn;
import io.agentledger.projection.support.VersionRow;
import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Table;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.jspecify.annotations.Nullable;

/** Version of a task, one for each event. */
@Entity
@Table(name = "task_version_row")
@AttributeOverride(name = "key.id", column = @Column(name = "task_id"))
@SuppressWarnings("NullAway.Init")
public class TaskVersionRow extends VersionRow {
  @Enumerated(EnumType.STRING)
  private TaskSharing sharing;

  /** Ids that are separated by blanks. */
  private String sharedWith;

  @Convert(converter = TaskRow.ScheduleColumn.class)
  private TaskSchedule schedule;

  private boolean paused;

  @Convert(converter = SealedContentConverter.class)
  private @Nullable SealedContent definition;

  protected TaskVersionRow() {}

  TaskVersionRow(TaskRow row, DomainEventMessage<?> message) {
    super(row, message);
    this.sharing = row.sharing();
    this.sharedWith = SharedWithColumn.toText(row.sharedWith());
    this.schedule = row.schedule();
    this.paused = row.paused();
    this.definition = row.definition();
  }

  public List<UserId> sharedWith() {
    return SharedWithColumn.toUsers(sharedWith);
  }

  public TaskSharing sharing() {
    return sharing;
  }

  public TaskSchedule schedule() {
    return schedule;
  }

  public boolean paused() {
    return paused;
  }

  public @Nullable SealedContent definition() {
    return definition;
  }
}
