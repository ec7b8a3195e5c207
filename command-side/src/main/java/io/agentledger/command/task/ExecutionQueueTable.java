package io.agentledger.command.task;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.TenantLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsRemoved;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.task.ExecutionEvent;
import io.agentledger.api.task.ExecutionEvent.AttemptDeferred;
import io.agentledger.api.task.ExecutionEvent.AttemptFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionCancelled;
import io.agentledger.api.task.ExecutionEvent.ExecutionContinued;
import io.agentledger.api.task.ExecutionEvent.ExecutionFailed;
import io.agentledger.api.task.ExecutionEvent.ExecutionQueued;
import io.agentledger.api.task.ExecutionEvent.ExecutionStarted;
import io.agentledger.api.task.ExecutionEvent.ExecutionSucceeded;
import io.agentledger.api.task.ExecutionEvent.ExecutionTimedOut;
import io.agentledger.api.task.ExecutionEvent.ExecutionWaiting;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionTrigger;
import io.agentledger.api.task.TaskEvent.TaskResumed;
import io.agentledger.api.task.TaskId;
import io.agentledger.command.support.LookupTable;
import java.sql.Timestamp;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Table of the executions that have not ended, written in the transaction of their events. {@link
 * ExecutionClaims} starts them from here.
 */
@ProcessingGroup(ExecutionQueueTable.GROUP)
class ExecutionQueueTable extends LookupTable {
  static final String GROUP = "execution-queue";

  private final ChildExecutions children;
  private final Runnable onQueued;

  /**
   * @param onQueued called after the commit of an event that may permit a claim
   */
  ExecutionQueueTable(JdbcClient sql, Runnable onQueued) {
    super(sql, "execution_queue", "execution_id");
    this.children = new ChildExecutions(sql);
    this.onQueued = onQueued;
  }

  @EventHandler
  void on(ExecutionEvent event, TenantId tenant, DomainEventMessage<?> message) {
    switch (event) {
      case ExecutionQueued queued -> {
        insert(
            queued.executionId(),
            tenant,
            Map.of(
                "task_id",
                queued.task().taskId().value(),
                "user_id",
                queued.principal().userId().value(),
                "scopes",
                toText(queued.principal().scopes()),
                "scheduled",
                queued.trigger() instanceof ExecutionTrigger.Schedule,
                "exclusive",
                queued.trigger() instanceof ExecutionTrigger.Schedule schedule
                    && schedule.exclusive(),
                "priority",
                queued.options().priority(),
                "status",
                "queued",
                "attempt",
                1,
                "due_at",
                Timestamp.from(message.getTimestamp())));
        if (queued.trigger() instanceof ExecutionTrigger.Agent agent)
          recordParent(queued.executionId(), agent);
        if (queued.trigger() instanceof ExecutionTrigger.Webhook webhook
            && !webhook.concurrencyKey().isEmpty())
          update(queued.executionId(), Map.of("concurrency_key", webhook.concurrencyKey()));
      }
      case ExecutionStarted started -> // It is running when its session is open.
          update(started.executionId(), Map.of("session_id", started.sessionId().value()));
      case ExecutionWaiting waiting -> update(waiting.executionId(), Map.of("status", "waiting"));
      case ExecutionContinued continued ->
          update(continued.executionId(), Map.of("status", "running"));
      case AttemptFailed failed ->
          update(
              failed.executionId(),
              Map.of(
                  "status",
                  "queued",
                  "attempt",
                  failed.attempt() + 1,
                  "due_at",
                  Timestamp.from(failed.retryAt())));
      case AttemptDeferred deferred -> defer(deferred);
      case ExecutionSucceeded succeeded -> {
        sql.sql(
                """
                delete from task_failure_count where task_id =
                  (select task_id from execution_queue where execution_id = ? and scheduled)""")
            .param(succeeded.executionId().value())
            .update();
        remove(succeeded.executionId());
      }
      case ExecutionFailed failed -> countFailure(failed.executionId());
      case ExecutionTimedOut timedOut -> countFailure(timedOut.executionId());
      case ExecutionCancelled cancelled -> remove(cancelled.executionId());
    }
    CurrentUnitOfWork.get().afterCommit(unit -> onQueued.run());
  }

  private static String toText(Set<Scope> scopes) {
    return scopes.stream().map(Scope::wireName).collect(Collectors.joining(" "));
  }

  private void recordParent(ExecutionId execution, ExecutionTrigger.Agent agent) {
    children.requireParent(agent);
    update(
        execution,
        Map.of(
            "parent_session_id",
            agent.sessionId().value(),
            "ancestors",
            toArray(agent.ancestors()),
            "depth",
            agent.depth()));
    if (agent.budget() instanceof Budget.Limited limited)
      update(execution, Map.of("budget_nanos", limited.limitUsd().nanos()));
  }

  /** All executions of the user wait, because the limit would refuse each of them. */
  private void defer(AttemptDeferred event) {
    update(event.executionId(), Map.of("status", "queued"));
    sql.sql(
            """
            insert into execution_delay (tenant, user_id, until)
            select tenant, user_id, ? from execution_queue where execution_id = ?
            on conflict (tenant, user_id) do update set until = excluded.until""")
        .params(Timestamp.from(event.retryAt()), event.executionId().value())
        .update();
  }

  /** Ends the delays of the tenant: a run has ended, so a limit may permit another session. */
  @EventHandler
  void on(ReservationSettled event, TenantId tenant) {
    int ended =
        sql.sql("delete from execution_delay where tenant = ?").param(tenant.value()).update();
    if (ended > 0) CurrentUnitOfWork.get().afterCommit(unit -> onQueued.run());
  }

  @EventHandler
  void on(TenantLimitsChanged event, TenantId tenant) {
    sql.sql(
            """
            insert into execution_limit (tenant, executions, user_executions) values (?, ?, ?)
            on conflict (tenant) do update
            set executions = excluded.executions, user_executions = excluded.user_executions""")
        .params(tenant.value(), event.limits().executions(), event.limits().perUser().tasks())
        .update();
    CurrentUnitOfWork.get().afterCommit(unit -> onQueued.run());
  }

  @EventHandler
  void on(UserLimitsChanged event, TenantId tenant) {
    sql.sql(
            """
            insert into execution_user_limit (tenant, user_id, executions) values (?, ?, ?)
            on conflict (tenant, user_id) do update set executions = excluded.executions""")
        .params(tenant.value(), event.userId().value(), event.limits().tasks())
        .update();
    CurrentUnitOfWork.get().afterCommit(unit -> onQueued.run());
  }

  @EventHandler
  void on(UserLimitsRemoved event, TenantId tenant) {
    sql.sql("delete from execution_user_limit where tenant = ? and user_id = ?")
        .params(tenant.value(), event.userId().value())
        .update();
    CurrentUnitOfWork.get().afterCommit(unit -> onQueued.run());
  }

  private void countFailure(ExecutionId execution) {
    sql.sql(
            """
            insert into task_failure_count as counted (task_id, failures)
            select task_id, 1 from execution_queue where execution_id = ? and scheduled
            on conflict (task_id) do update set failures = counted.failures + 1""")
        .param(execution.value())
        .update();
    remove(execution);
  }

  @EventHandler
  void on(TaskResumed event) {
    sql.sql("delete from task_failure_count where task_id = ?")
        .param(event.taskId().value())
        .update();
  }

  @EventHandler
  void on(SessionOpened event) {
    if (event.origin() instanceof SessionOrigin.Task task)
      sql.sql(
              """
              update execution_queue set status = 'running'
              where execution_id = ? and status = 'starting'""")
          .param(task.executionId())
          .update();
  }

  /** Returns the failed executions of a task's schedule since the last one that succeeded. */
  int countFailures(TaskId task) {
    return sql.sql("select failures from task_failure_count where task_id = ?")
        .param(task.value())
        .query(Integer.class)
        .optional()
        .orElse(0);
  }

  /** Returns the number of executions of a tenant that have not ended. */
  int countOpen(TenantId tenant) {
    return countOf(tenant);
  }

  /** Returns the executions of a task that have not ended. */
  List<ExecutionId> listOpen(TaskId task) {
    return sql
        .sql("select execution_id from execution_queue where task_id = ?")
        .param(task.value())
        .query(String.class)
        .list()
        .stream()
        .map(ExecutionId::new)
        .toList();
  }

  private static String[] toArray(Collection<ExecutionId> executions) {
    return executions.stream().map(ExecutionId::value).toArray(String[]::new);
  }
}
