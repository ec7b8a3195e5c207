package io.agentledger.api.task;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for tasks. */
@StableName("task")
public sealed interface TaskCommand extends ApiCommand {
  /** Maximum number of tasks of a tenant that are not archived. */
  int TASKS_MAX = 20_000;

  @TargetAggregateIdentifier
  TaskId taskId();

  /**
   * Properties of a task that are not sealed.
   *
   * @param sharedWith users who may run it, if it is shared with listed users; sorted, at most
   *     {@link io.agentledger.api.identity.Viewers#USERS_MAX}
   * @param name at most 255 characters
   * @param category empty for none
   * @param tags sorted, without duplicates
   * @param principal user as whom the schedule starts executions
   */
  record TaskProperties(
      TaskSharing sharing,
      List<UserId> sharedWith,
      @ShownInAudit String name,
      @ShownInAudit String category,
      @ShownInAudit List<String> tags,
      ExecutionPrincipal principal,
      TaskSchedule schedule) {
    public TaskProperties {
      sharedWith = List.copyOf(sharedWith);
      tags = List.copyOf(tags);
    }

    /** Returns the same properties with another principal. */
    public TaskProperties withPrincipal(ExecutionPrincipal other) {
      return new TaskProperties(sharing, sharedWith, name, category, tags, other, schedule);
    }
  }

  /**
   * Creates a task and returns its {@link TaskId}; a repeated command returns the id of the first
   * one.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("CreateTask")
  record CreateTask(
      TaskId taskId,
      UserId ownerId,
      TaskProperties properties,
      TaskDefinition definition,
      @Nullable Idempotency idempotency)
      implements TaskCommand, Idempotent {}

  /**
   * Replaces a task; permitted to the owner and admins. Executions that are queued keep the version
   * that they were queued with.
   *
   * @param version version that the change is based on
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ChangeTask")
  record ChangeTask(
      TaskId taskId, TaskProperties properties, TaskDefinition definition, long version)
      implements TaskCommand {}

  /** Pauses the schedule. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("PauseTask")
  record PauseTask(TaskId taskId, @Nullable Idempotency idempotency)
      implements TaskCommand, Idempotent {
    public PauseTask(TaskId taskId) {
      this(taskId, null);
    }
  }

  /** Continues the schedule with the next time. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ResumeTask")
  record ResumeTask(TaskId taskId, @Nullable Idempotency idempotency)
      implements TaskCommand, Idempotent {
    public ResumeTask(TaskId taskId) {
      this(taskId, null);
    }
  }

  /** Pauses the schedule because its executions cannot succeed. */
  @InternalOnly
  @StableName("SuspendTask")
  record SuspendTask(TaskId taskId, String reason) implements TaskCommand {}

  /** Archives the task permanently: it starts no executions any more. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ArchiveTask")
  record ArchiveTask(TaskId taskId) implements TaskCommand {}
}
