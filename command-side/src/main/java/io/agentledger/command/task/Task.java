package io.agentledger.command.task;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Rejection.TooMany;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.api.task.TaskCommand;
import io.agentledger.api.task.TaskCommand.ArchiveTask;
import io.agentledger.api.task.TaskCommand.ChangeTask;
import io.agentledger.api.task.TaskCommand.CreateTask;
import io.agentledger.api.task.TaskCommand.PauseTask;
import io.agentledger.api.task.TaskCommand.ResumeTask;
import io.agentledger.api.task.TaskCommand.SuspendTask;
import io.agentledger.api.task.TaskCommand.TaskProperties;
import io.agentledger.api.task.TaskDefinition;
import io.agentledger.api.task.TaskEvent.TaskArchived;
import io.agentledger.api.task.TaskEvent.TaskChanged;
import io.agentledger.api.task.TaskEvent.TaskCreated;
import io.agentledger.api.task.TaskEvent.TaskPaused;
import io.agentledger.api.task.TaskEvent.TaskResumed;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskSchedule;
import io.agentledger.command.support.SharedAggregate;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;
import tools.jackson.databind.json.JsonMapper;

/** Task with its versions. Its definition is sealed and not kept in memory. */
@Aggregate(type = "Task")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Task extends SharedAggregate<TaskId> {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private ExecutionPrincipal principal;
  private TaskSchedule schedule;
  private boolean paused;

  Task() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  TaskId create(
      CreateTask command,
      TenantId owningTenant,
      TaskLookupTable tasks,
      TenantMembership members,
      Sealer sealer) {
    if (id != null) return id;
    requireMembers(command.properties().sharedWith(), owningTenant, members);
    if (tasks.count(owningTenant) >= TaskCommand.TASKS_MAX)
      throw new RejectionException(new TooMany("tasks", TaskCommand.TASKS_MAX));
    var definition = seal(command.taskId(), TaskCreated.class, command.definition(), sealer);
    apply(new TaskCreated(command.taskId(), command.ownerId(), command.properties(), definition));
    return command.taskId();
  }

  /**
   * Changes the task. Sealed content cannot be compared, so an unchanged task is a new version,
   * too. The schedule acts as the owner, after a change by an admin with the permissions that both
   * have.
   */
  @CommandHandler
  long change(ChangeTask command, TenantMembership members, Sealer sealer) {
    requireNotArchived();
    requireVersion(command.version());
    requireMembers(command.properties().sharedWith(), members);
    var definition = seal(id, TaskChanged.class, command.definition(), sealer);
    var changed = command.properties();
    boolean isByOwner = changed.principal().userId().equals(owner);
    var properties =
        isByOwner ? changed : changed.withPrincipal(principal.limitedBy(changed.principal()));
    apply(new TaskChanged(id, version + 1, properties, definition));
    return version;
  }

  @CommandHandler
  void pause(PauseTask command) {
    requireNotArchived();
    if (!paused) apply(new TaskPaused(id, ""));
  }

  @CommandHandler
  void suspend(SuspendTask command) {
    if (!paused && !archived && !(schedule.timing() instanceof TaskSchedule.Timing.None))
      apply(new TaskPaused(id, command.reason()));
  }

  @CommandHandler
  void resume(ResumeTask command) {
    requireNotArchived();
    if (paused) apply(new TaskResumed(id, schedule));
  }

  @CommandHandler
  void archive(ArchiveTask command) {
    if (!archived) apply(new TaskArchived(id));
  }

  private static Content seal(TaskId id, Class<?> event, TaskDefinition definition, Sealer sealer) {
    return sealer.seal(id, event, "definition", JSON.writeValueAsString(definition));
  }

  @EventSourcingHandler
  void on(TaskCreated event, TenantId tenant) {
    create(event.taskId(), tenant);
    owner = event.ownerId();
    assign(event.properties());
  }

  @EventSourcingHandler
  void on(TaskChanged event) {
    version = event.version();
    assign(event.properties());
  }

  private void assign(TaskProperties properties) {
    share(owner, properties.sharing().viewers(properties.sharedWith()));
    principal = properties.principal();
    schedule = properties.schedule();
  }

  @EventSourcingHandler
  void on(TaskPaused event) {
    paused = true;
  }

  @EventSourcingHandler
  void on(TaskResumed event) {
    paused = false;
  }

  @EventSourcingHandler
  void on(TaskArchived event) {
    archived = true;
  }
}
