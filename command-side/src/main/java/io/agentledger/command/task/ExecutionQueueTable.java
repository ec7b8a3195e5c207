package io.agentledger.command.task;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.TenantLimitsChanged;
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
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Table of the executions that have not ended, written in the transaction of their events. Nodes
 * claim queued executions in it: each execution is claimed by one node.
 */
@ProcessingGroup(ExecutionQueueTable.GROUP)
class ExecutionQueueTable extends LookupTable {
  static final String GROUP = "execution-queue";

  /** Time after which another node takes over a start that was not completed. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(15);

  /** Starts that no node completes: this node's own of before, and those of a node that is gone. */
  private static final String CUT_OFF =
      """
      (q.status = 'starting' and (q.claimed_at < :stale
        or q.node = :node and not q.execution_id = any(:starting)))""";

  /**
   * Claims executions in turns: the tenant with the fewest executions in progress is first, so a
   * tenant with a long queue delays the first execution of another tenant by one slot only. The
   * last turn of a tenant is that of its limit.
   */
  private static final String CLAIM =
      """
      update execution_queue set status = 'starting', node = :node, claimed_at = :now
      where execution_id in (
        select execution_id from execution_queue
        where execution_id in (
          select execution_id from (
            select q.execution_id, q.priority, q.due_at,
              least(coalesce(l.executions, :limit), :ceiling) as turn_max,
              coalesce(a.active, 0) + row_number() over (
                partition by q.tenant
                order by q.status desc, q.priority desc, q.due_at, q.execution_id) as turn
            from execution_queue q
            left join execution_limit l on l.tenant = q.tenant
            left join (
              select q.tenant, count(*) as active from execution_queue q
              where q.status in ('starting', 'running') and not %1$s
              group by q.tenant) a on a.tenant = q.tenant
            where (q.status = 'queued' and q.due_at <= :now or %1$s)
              and not exists (
                select 1 from execution_delay d
                where d.tenant = q.tenant and d.user_id = q.user_id and d.until > :now)
              and not (q.exclusive and q.status = 'queued' and exists (
                select 1 from execution_queue o
                where o.task_id = q.task_id and o.execution_id <> q.execution_id
                  and (o.status <> 'queued'
                    or o.exclusive and (o.due_at, o.execution_id) < (q.due_at, q.execution_id))))
          ) candidate
          where turn <= turn_max
          order by turn, priority desc, due_at, execution_id limit :free)
        and status in ('queued', 'starting')
        for update skip locked)
      returning execution_id, tenant, attempt"""
          .formatted(CUT_OFF);

  private final ChildExecutions children;
  private final DefaultLimits defaultLimits;
  private final TransactionTemplate transactions;
  private final Runnable onQueued;

  /** Whether this node may have delayed the executions of a user. */
  private volatile boolean delayed;

  /**
   * @param onQueued called after the commit of an event that may permit a claim
   */
  ExecutionQueueTable(
      JdbcClient sql,
      DefaultLimits defaultLimits,
      TransactionTemplate transactions,
      Runnable onQueued) {
    super(sql, "execution_queue", "execution_id");
    this.children = new ChildExecutions(sql);
    this.defaultLimits = defaultLimits;
    this.transactions = transactions;
    this.onQueued = onQueued;
  }

  /** Execution that this node starts next. */
  record ClaimedExecution(ExecutionId executionId, TenantId tenant, int attempt) {}

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
    delayed = true;
  }

  /** Ends the delays of the tenant: a run has ended, so a limit may permit another session. */
  @EventHandler
  void on(ReservationSettled event, TenantId tenant) {
    if (!delayed) return; // Those of other nodes end by themselves.
    delayed = false;
    sql.sql("delete from execution_delay where tenant = ?").param(tenant.value()).update();
    CurrentUnitOfWork.get().afterCommit(unit -> onQueued.run());
  }

  @EventHandler
  void on(TenantLimitsChanged event, TenantId tenant) {
    sql.sql(
            """
            insert into execution_limit (tenant, executions) values (?, ?)
            on conflict (tenant) do update set executions = excluded.executions""")
        .params(tenant.value(), event.limits().executions())
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

  /**
   * Executions of a node.
   *
   * @param held slots that executions hold
   * @param claimable whether executions may wait for a slot of any node
   */
  record Slots(int held, boolean claimable) {}

  /**
   * Returns the slots of a node.
   *
   * @param starting executions that the node is starting; other starts were cut off
   */
  Slots findSlots(String node, Instant now, Collection<ExecutionId> starting) {
    return sql.sql(
            """
            select
              (select count(*) from execution_queue where node = :node and (status = 'running'
                or status = 'starting' and execution_id = any(:starting))),
              exists (select 1 from execution_queue where status = 'queued' and due_at <= :now)
                or exists (select 1 from execution_queue where status = 'starting')""")
        .param("node", node)
        .param("now", Timestamp.from(now))
        .param("starting", toArray(starting))
        .query((row, number) -> new Slots(row.getInt(1), row.getBoolean(2)))
        .single();
  }

  private static String[] toArray(Collection<ExecutionId> executions) {
    return executions.stream().map(ExecutionId::value).toArray(String[]::new);
  }

  /**
   * Claims executions for a node.
   *
   * @param starting executions that the node is starting; others that it claimed were left by its
   *     previous process
   */
  List<ClaimedExecution> claim(
      String node, Instant now, int free, Collection<ExecutionId> starting) {
    return Objects.requireNonNull(
        transactions.execute(
            transaction -> {
              lockClaims();
              return claimLocked(node, now, free, starting);
            }));
  }

  /** Lets one node claim at a time, because the limit of a tenant counts the claims of all. */
  private void lockClaims() {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param("execution_queue/claim")
        .query(Boolean.class)
        .single();
  }

  private List<ClaimedExecution> claimLocked(
      String node, Instant now, int free, Collection<ExecutionId> starting) {
    return sql.sql(CLAIM)
        .param("node", node)
        .param("now", Timestamp.from(now))
        .param("stale", Timestamp.from(now.minus(START_TIMEOUT)))
        .param("starting", toArray(starting))
        .param("limit", defaultLimits.tenantLimits().executions())
        .param("ceiling", defaultLimits.ceiling().executions())
        .param("free", free)
        .query(
            (row, number) ->
                new ClaimedExecution(
                    new ExecutionId(row.getString(1)),
                    new TenantId(row.getString(2)),
                    row.getInt(3)))
        .list();
  }
}
