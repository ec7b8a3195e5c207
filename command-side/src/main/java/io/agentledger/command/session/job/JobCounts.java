package io.agentledger.command.session.job;

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
      select task_instance, coalesce(%s, ''), coalesce(consecutive_failures, 0) as failures,
        case when picked then coalesce(picked_by, '') else '' end
      from %s
      where coalesce(consecutive_failures, 0) > 0
        or (picked and last_heartbeat < now() - interval '1 minute')
      order by failures desc, task_instance
      limit 10""";

  private final JdbcClient sql;

  JobCounts(JdbcClient sql) {
    this.sql = sql;
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
   * @param session session of the run; else empty
   * @param node node that executes it; empty if none does
   */
  record TroubledJob(String queue, String name, String session, int failures, String node) {}

  /** Returns the jobs with the most failures, up to a maximum number. */
  List<TroubledJob> troubledRuns() {
    return troubled("runs", RunJobs.TABLE, "convert_from(task_data, 'UTF8')::json ->> 'session'");
  }

  List<TroubledJob> troubledDeadlines() {
    return troubled("deadlines", "scheduled_tasks", "''");
  }

  private List<TroubledJob> troubled(String queue, String table, String session) {
    return sql.sql(TROUBLED_SQL.formatted(session, table))
        .query(
            (row, number) ->
                new TroubledJob(
                    queue, row.getString(1), row.getString(2), row.getInt(3), row.getString(4)))
        .list();
  }

  JobCount runs() {
    return count("runs", RunJobs.TABLE);
  }

  JobCount deadlines() {
    return count("deadlines", "scheduled_tasks");
  }

  private JobCount count(String queue, String table) {
    return sql.sql(SQL.formatted(table))
        .query(
            (row, number) ->
                new JobCount(queue, row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)))
        .single();
  }
}
