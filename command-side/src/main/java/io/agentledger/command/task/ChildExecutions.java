package io.agentledger.command.task;

import io.agentledger.api.session.Budget;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TaskRejection.DelegationTooDeep;
import io.agentledger.api.shared.TaskRejection.ParentEnded;
import io.agentledger.api.task.ExecutionCommand.Delegation;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionTrigger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Executions that agents of sessions start, in {@link ExecutionQueueTable}. No child is queued
 * after the end of its parent, so that a stopped parent finds all of its children.
 */
class ChildExecutions {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final JdbcClient sql;

  ChildExecutions(JdbcClient sql) {
    this.sql = sql;
  }

  /**
   * Execution in progress that a session belongs to.
   *
   * @param ancestors executions that it belongs to, the nearest first
   */
  record Parent(ExecutionId executionId, List<ExecutionId> ancestors, int depth) {}

  /**
   * Returns the trigger of an execution that an agent starts, if depth and budget permit it, in the
   * transaction that queues it.
   */
  ExecutionTrigger.Agent permit(Delegation delegation, int maxDepth) {
    var session = delegation.sessionId();
    lock(session);
    var parent = findParent(session);
    if (delegation.byExecution() && parent.isEmpty())
      throw new RejectionException(new ParentEnded());
    int depth = parent.map(Parent::depth).orElse(0) + 1;
    if (depth > maxDepth) throw new RejectionException(new DelegationTooDeep(maxDepth));
    boolean isStale =
        delegation.budget() instanceof Budget.Limited
            && !sumBudgets(session).equals(delegation.reserved());
    if (isStale) throw new RejectionException(new Busy(RETRY_AFTER));
    var ancestors = new ArrayList<ExecutionId>();
    parent.ifPresent(
        execution -> {
          ancestors.add(execution.executionId());
          ancestors.addAll(execution.ancestors());
        });
    return new ExecutionTrigger.Agent(session, ancestors, depth, delegation.budget());
  }

  /** Queues the children of a session one after another. */
  void lock(SessionId session) {
    sql.sql("select true from (select pg_advisory_xact_lock(hashtextextended(?, 0))) held")
        .param("execution_queue/" + session)
        .query(Boolean.class)
        .single();
  }

  /**
   * Rejects a child whose parent has ended since it was permitted. Its event is appended before,
   * under the lock that orders all events, so the end of the parent is either committed or comes
   * after the child. A lock of the parent's row would be acquired before that lock here and after
   * it by the events of the parent: a deadlock.
   */
  void requireParent(ExecutionTrigger.Agent trigger) {
    if (trigger.ancestors().isEmpty()) return;
    var parent = trigger.ancestors().getFirst();
    if (findParent(trigger.sessionId()).filter(of -> of.executionId().equals(parent)).isEmpty())
      throw new RejectionException(new ParentEnded());
  }

  /** Returns the execution in progress that a session belongs to. */
  Optional<Parent> findParent(SessionId session) {
    return sql.sql(
            """
            select execution_id, ancestors, depth from execution_queue
            where session_id = ? and status <> 'queued'""")
        .param(session.value())
        .query(
            (row, n) ->
                new Parent(new ExecutionId(row.getString(1)), ancestors(row), row.getInt(3)))
        .optional();
  }

  private static List<ExecutionId> ancestors(ResultSet row) throws SQLException {
    Array ancestors = row.getArray(2);
    return Stream.of((String[]) ancestors.getArray()).map(ExecutionId::new).toList();
  }

  /** Returns the sum of the budgets of a session's children that have not ended. */
  Money sumBudgets(SessionId session) {
    return new Money(
        sql.sql(
                """
                select coalesce(sum(budget_nanos), 0)::bigint from execution_queue
                where parent_session_id = ?""")
            .param(session.value())
            .query(Long.class)
            .single());
  }

  /** Returns the executions that an execution led to and that have not ended. */
  List<ExecutionId> listDescendants(ExecutionId execution) {
    return sql
        .sql("select execution_id from execution_queue where ancestors @> array[?]::text[]")
        .param(execution.value())
        .query(String.class)
        .list()
        .stream()
        .map(ExecutionId::new)
        .toList();
  }
}
