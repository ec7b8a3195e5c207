package io.agentledger.command.session.job;

import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.JobTable.Queue;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Counts the jobs in the tables that all nodes share, by state. */
final class JobCounts {
  private static final String SQL =
      """
      select
        count(*) filter (where not picked and execution_time <= now()),
        count(*) filter (where picked),
        count(*) filter (where coalesce(consecutive_failures, 0) > 0),
        count(*) filter (where picked and last_heartbeat < now() - interval '1 minute')
      from %s""";

  private static final String TROUBLED_SQL =
      """
      select task_instance,
        coalesce(convert_from(task_data, 'UTF8')::json ->> 'session', ''),
        coalesce(consecutive_failures, 0) as failures,
        case when picked then coalesce(picked_by, '') else '' end
      from %s
      where coalesce(consecutive_failures, 0) > 0
        or (picked and last_heartbeat < now() - interval '1 minute')
      order by failures desc, task_instance
      limit 10""";

  private final JdbcClient sql;
  private final List<Queue> queues;

  JobCounts(JdbcClient sql, List<JobTable<?>> tables) {
    this.sql = sql;
    this.queues = tables.stream().<Queue>map(JobTable::queue).toList();
  }

  /**
   * Counts of one queue.
   *
   * @param due jobs that are ready and wait for a slot
   * @param failed jobs whose last execution failed and that are retried
   * @param abandoned jobs whose node has sent no heartbeat for a minute
   */
  record JobCount(String queue, long due, long running, long failed, long abandoned) {}

  /**
   * Job whose last execution failed, or whose node is silent.
   *
   * @param name name of the job; of a run's, the run
   * @param session session of the run or of the event that hooks are called for; else empty
   * @param node node that executes it; empty if none does
   */
  record TroubledJob(String queue, String name, String session, int failures, String node) {}

  List<Queue> queues() {
    return queues;
  }

  /** Returns the jobs of a queue with the most failures, up to a maximum number. */
  List<TroubledJob> findTroubled(Queue queue) {
    return sql.sql(TROUBLED_SQL.formatted(queue.table()))
        .query(
            (row, number) ->
                new TroubledJob(
                    queue.name(),
                    row.getString(1),
                    row.getString(2),
                    row.getInt(3),
                    row.getString(4)))
        .list();
  }

  JobCount count(Queue queue) {
    return sql.sql(SQL.formatted(queue.table()))
        .query(
            (row, number) ->
                new JobCount(
                    queue.name(), row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
        .single();
  }
}
