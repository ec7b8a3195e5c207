package io.agentledger.api.task;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import org.axonframework.serialization.Revision;

/** Events of a task. Its definition is sealed. */
public sealed interface TaskEvent {
  TaskId taskId();

  /**
   * The task was created with version 1.
   *
   * @param definition {@link TaskDefinition} as JSON
   */
  @Revision("2")
  @StableName("TaskCreated")
  record TaskCreated(TaskId taskId, UserId ownerId, TaskProperties properties, Content definition)
      implements TaskEvent {}

  /**
   * The task was changed.
   *
   * @param definition {@link TaskDefinition} as JSON
   */
  @Revision("2")
  @StableName("TaskChanged")
  record TaskChanged(TaskId taskId, long version, TaskProperties properties, Content definition)
      implements TaskEvent {}

  /**
   * The schedule was paused.
   *
   * @param reason empty if a user paused it
   */
  @Revision("1")
  @StableName("TaskPaused")
  record TaskPaused(TaskId taskId, @ShownInAudit String reason) implements TaskEvent {}

  /** The schedule continues with its next time. */
  @Revision("1")
  @StableName("TaskResumed")
  record TaskResumed(TaskId taskId, TaskSchedule schedule) implements TaskEvent {}

  /** The task was archived. */
  @Revision("1")
  @StableName("TaskArchived")
  record TaskArchived(TaskId taskId) implements TaskEvent {}
}
