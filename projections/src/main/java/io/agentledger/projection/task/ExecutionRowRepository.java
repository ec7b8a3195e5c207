package io.agentledger.projection.task;

import io.agentledger.api.task.ExecutionStatus;
import io.agentledger.projection.task.TaskRowRepository.TaskViewer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of executions. Every read for a user names that user. */
public interface ExecutionRowRepository extends JpaRepository<ExecutionRow, String> {
  /** Executions that a viewer may see, to be continued with {@code and}. */
  String SELECT_VISIBLE =
      """
      select e from ExecutionRow e where e.tenant = :#{#viewer.tenant}
        and (:#{#viewer.all} = true or e.userId = :#{#viewer.user})
      """;

  /**
   * Filter of a list of executions.
   *
   * @param task empty for all
   * @param parentSession empty for all
   * @param parentExecution empty for all
   */
  record ExecutionFilter(String task, String parentSession, String parentExecution) {}

  /** Cost of one session. */
  record SessionCost(String sessionId, long nanos) {}

  /** Returns the number of events that the row contains; empty without a row. */
  @Query("select e.sequence + 1 from ExecutionRow e where e.id = :id")
  Optional<Long> eventCountOf(String id);

  @Query(SELECT_VISIBLE + "and e.id = :id")
  Optional<ExecutionRow> find(TaskViewer viewer, String id);

  /** Returns rows newest first, after the given position. */
  @Query(
      SELECT_VISIBLE
          + """
          and (:#{#filter.task} = '' or e.taskId = :#{#filter.task})
          and (:#{#filter.parentSession} = '' or e.parentSessionId = :#{#filter.parentSession})
          and (:#{#filter.parentExecution} = ''
            or e.parentExecutionId = :#{#filter.parentExecution})
          and e.status in :statuses
          and (e.createdAt, e.id) < (:before, :id)
          order by e.createdAt desc, e.id desc
          """)
  List<ExecutionRow> page(
      TaskViewer viewer,
      ExecutionFilter filter,
      Collection<ExecutionStatus> statuses,
      Instant before,
      String id,
      Limit limit);

  /** Statistics of executions; durations are null if none has ended. */
  interface Statistics {
    long getTotal();

    long getQueued();

    long getRunning();

    long getWaiting();

    long getSucceeded();

    long getFailed();

    long getCancelled();

    long getTimedOut();

    @Nullable Instant getLastAt();

    @Nullable Double getMeanSeconds();

    @Nullable Double getP95Seconds();

    long getCostNanos();
  }

  /** Returns the statistics of the newest executions of a task that the viewer may see. */
  @Query(
      nativeQuery = true,
      value =
          """
          with newest as materialized (
            select status, attempts, created_at,
              extract(epoch from ended_at - created_at) as seconds
            from execution_row
            where task_id = :task and tenant = :#{#viewer.tenant}
              and (:#{#viewer.all} or user_id = :#{#viewer.user}) and created_at >= :since
            order by created_at desc, id desc limit :max)
          select count(*) as total,
            count(*) filter (where status = 'QUEUED') as queued,
            count(*) filter (where status = 'RUNNING') as running,
            count(*) filter (where status = 'WAITING') as waiting,
            count(*) filter (where status = 'SUCCEEDED') as succeeded,
            count(*) filter (where status = 'FAILED') as failed,
            count(*) filter (where status = 'CANCELLED') as cancelled,
            count(*) filter (where status = 'TIMED_OUT') as "timedOut",
            max(created_at) as "lastAt",
            cast(avg(seconds) as double precision) as "meanSeconds",
            percentile_cont(0.95) within group (order by cast(seconds as double precision))
              as "p95Seconds",
            (select cast(coalesce(sum(s.cost_nanos), 0) as bigint)
              from newest n, regexp_matches(n.attempts, 'ses_[a-z0-9]{10}', 'g') session
              join session_row s on s.id = session[1]) as "costNanos"
          from newest""")
  Statistics statisticsOf(TaskViewer viewer, String task, Instant since, int max);

  /** Returns the executions that agents of the given executions started. */
  List<ExecutionRow> findByParentExecutionIdIn(Collection<String> executions);

  /** Returns the executions that the agent of a session started. */
  List<ExecutionRow> findByTenantAndParentSessionId(String tenant, String session);

  /** Returns the present costs of sessions. */
  @Query(
      """
      select new io.agentledger.projection.task.ExecutionRowRepository$SessionCost(
        s.id, s.spent.costNanos)
      from SessionRow s where s.id in :sessions
      """)
  List<SessionCost> costsOf(Collection<String> sessions);
}
