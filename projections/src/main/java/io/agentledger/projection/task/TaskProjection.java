package io.agentledger.projection.task;

import io.agentledger.api.task.TaskEvent;
import io.agentledger.api.task.TaskEvent.TaskArchived;
import io.agentledger.api.task.TaskEvent.TaskChanged;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.api.task.TaskEvent.TaskPaused;
import io.agentledger.api.task.TaskEvent.TaskResumed;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.VersionedProjection;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each task, and one for each of its versions. */
@ProcessingGroup(TaskProjection.GROUP)
class TaskProjection extends VersionedProjection<TaskRow, TaskVersionRow> {
  static final String GROUP = "task";

  TaskProjection(
      TaskRowRepository tasks,
      TaskVersionRowRepository versions,
      PoisonEventIsolator poisonEventIsolator) {
    super(tasks, versions, TaskVersionRow::new, poisonEventIsolator);
  }

  @EventHandler
  void on(TaskEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case TaskCreated created -> insert(new TaskRow(created, message), message);
      case TaskChanged changed -> update(message, task -> task.update(changed));
      case TaskPaused paused -> update(message, task -> task.pause(paused.reason()));
      case TaskResumed _ -> update(message, TaskRow::resume);
      case TaskArchived _ -> update(message, task -> task.archive(message));
    }
  }
}
