package io.agentledger.command.task;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.task.ExecutionId;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Claims of queued executions by the nodes: each execution is claimed by one node. */
final class ExecutionClaims {
  /** Time after which another node takes over a start that was not completed. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(15);

  /** Starts that no node completes: this node's own of before, and those of a node that is gone. */
  private static final String CUT_OFF =
      """
      (q.status = 'starting' and (q.claimed_at < :stale
        or q.node = :node and not q.execution_id = any(:starting)))""";

  /**
   * Claims executions in turns: the tenant with the fewest executions in progress is first, and in
   * it the user with the fewest, so a long queue delays the first execution of another tenant or
   * user by one slot only. Of equals, the user whose last claim is the longest ago is first. The
   * priority orders the executions of one user. The last turn is that of the limit; an execution
   * that an agent started has as many more as its depth, so that it never waits for its parents.
   */
  private static final String CLAIM =
      """
      with active as materialized (
        select q.tenant, q.user_id, count(*) as active from execution_queue q
        where q.status in ('starting', 'running') and not %1$s
        group by q.tenant, q.user_id),
      of_users as (
        select q.execution_id, q.tenant, q.user_id, q.due_at, q.depth,
          row_number() over (
            partition by q.tenant, q.user_id
            order by q.status desc, q.priority desc, q.due_at, q.execution_id) as position
        from execution_queue q
        where (q.status = 'queued' and q.due_at <= :now or %1$s)
          and q.depth >= :minDepth
          and not exists (
            select 1 from execution_delay d
            where d.tenant = q.tenant and d.user_id = q.user_id and d.until > :now)
          and not (q.exclusive and q.status = 'queued' and exists (
            select 1 from execution_queue o
            where o.task_id = q.task_id and o.execution_id <> q.execution_id
              and (o.status <> 'queued'
                or o.exclusive and (o.due_at, o.execution_id) < (q.due_at, q.execution_id))))
          and not (q.concurrency_key is not null and q.status = 'queued' and exists (
            select 1 from execution_queue o
            where o.tenant = q.tenant and o.concurrency_key = q.concurrency_key
              and o.execution_id <> q.execution_id
              and (o.status <> 'queued'
                or (o.due_at, o.execution_id) < (q.due_at, q.execution_id))))),
      of_tenants as (
        select c.execution_id, c.due_at, t.claimed_at,
          least(coalesce(l.executions, :limit), :ceiling) + c.depth as turn_max,
          coalesce(n.active, 0) + row_number() over (
            partition by c.tenant
            order by coalesce(a.active, 0) + c.position, t.claimed_at nulls first,
              c.due_at, c.execution_id) as turn
        from of_users c
        left join active a on a.tenant = c.tenant and a.user_id = c.user_id
        left join (select tenant, sum(active) as active from active group by tenant) n
          on n.tenant = c.tenant
        left join execution_turn t on t.tenant = c.tenant and t.user_id = c.user_id
        left join execution_limit l on l.tenant = c.tenant
        left join execution_user_limit u on u.tenant = c.tenant and u.user_id = c.user_id
        where c.position <= :free
          and coalesce(a.active, 0) + c.position - c.depth <= case when c.user_id = :owner
            then coalesce(u.executions, :ownerLimit)
            else least(coalesce(u.executions, l.user_executions, :userLimit), :userCeiling) end),
      claimed as (
        update execution_queue set status = 'starting', node = :node, claimed_at = :now
        where execution_id in (
          select execution_id from execution_queue
          where execution_id in (
            select execution_id from of_tenants where turn <= turn_max
            order by turn, claimed_at nulls first, due_at, execution_id limit :free)
          and status in ('queued', 'starting')
          for update skip locked)
        returning execution_id, tenant, user_id, attempt),
      turns as (
        insert into execution_turn (tenant, user_id, claimed_at)
        select distinct tenant, user_id, cast(:now as timestamptz) from claimed
        on conflict (tenant, user_id) do update set claimed_at = excluded.claimed_at)
      select execution_id, tenant, attempt from claimed"""
          .formatted(CUT_OFF);

  private final JdbcClient sql;
  private final DefaultLimits defaultLimits;
  private final TransactionTemplate transactions;

  ExecutionClaims(JdbcClient sql, DefaultLimits defaultLimits, TransactionTemplate transactions) {
    this.sql = sql;
    this.defaultLimits = defaultLimits;
    this.transactions = transactions;
  }

  /** Execution that this node starts next. */
  record ClaimedExecution(ExecutionId executionId, TenantId tenant, int attempt) {}

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
   * @param free free slots. Without one, at most one execution is claimed, which an agent has
   *     started, and whose depth is greater than the number of slots that are taken too many
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
        .param("owner", defaultLimits.ownerId().value())
        .param("ownerLimit", defaultLimits.ownerLimits().tasks())
        .param("userLimit", defaultLimits.tenantLimits().perUser().tasks())
        .param("userCeiling", defaultLimits.ceiling().perUser().tasks())
        .param("free", Math.max(1, free))
        .param("minDepth", Math.max(0, 1 - free))
        .query(
            (row, number) ->
                new ClaimedExecution(
                    new ExecutionId(row.getString(1)),
                    new TenantId(row.getString(2)),
                    row.getInt(3)))
        .list();
  }
}
