package io.agentledger.api.task;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries about tasks that are the caller's own or shared, and about executions. */
public sealed interface TaskQuery extends TenantScoped {
  /**
   * Lists tasks, newest first; returns a page of {@link TaskView}.
   *
   * @param category null for all
   * @param tag null for all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTasks")
  record ListTasks(
      TenantId tenant,
      @Nullable String category,
      @Nullable String tag,
      boolean includeArchived,
      PageRequest page)
      implements TaskQuery {}

  /** Returns a {@link TaskView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindTask")
  record FindTask(TenantId tenant, TaskId taskId) implements TaskQuery {}

  /** Lists task versions, newest first; returns a page of {@link TaskVersionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListTaskVersions")
  record ListTaskVersions(TenantId tenant, TaskId taskId, PageRequest page) implements TaskQuery {}

  /** Returns a {@link TaskStatisticsView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindTaskStatistics")
  record FindTaskStatistics(TenantId tenant, TaskId taskId, Instant since) implements TaskQuery {}

  /**
   * Lists executions, newest first; returns a page of {@link ExecutionView}.
   *
   * @param taskId null for all tasks
   * @param statuses empty for all
   * @param parentSession null for all
   * @param parentExecution null for all
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListExecutions")
  record ListExecutions(
      TenantId tenant,
      @Nullable TaskId taskId,
      Set<ExecutionStatus> statuses,
      @Nullable SessionId parentSession,
      @Nullable ExecutionId parentExecution,
      PageRequest page)
      implements TaskQuery {}

  /** Returns a {@link DelegatedSpending}, however many executions the session has started. */
  @InternalOnly
  @StableName("FindDelegatedSpending")
  record FindDelegatedSpending(TenantId tenant, SessionId sessionId) implements TaskQuery {}

  /** Returns the {@link Money} that an execution and its descendants have spent. */
  @InternalOnly
  @StableName("FindExecutionSpending")
  record FindExecutionSpending(TenantId tenant, ExecutionId executionId) implements TaskQuery {}

  /** Returns an {@link ExecutionView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindExecution")
  record FindExecution(TenantId tenant, ExecutionId executionId) implements TaskQuery {}
}
