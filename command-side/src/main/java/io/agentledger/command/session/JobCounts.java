package io.agentledger.command.session;

import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Numbers of jobs in the tables that all nodes share, by state. */
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
   * @param due that could be carried out now and wait for a slot
   * @param failed that failed at their last try and are tried again
   * @param abandoned whose node has been silent for a minute
   */
  record JobCount(String queue, long due, long running, long failed, long abandoned) {}

  /**
   * A job that failed at its last try, or whose node is silent.
   *
   * @param name of a run's, the run
   * @param session of a run's; else empty
   * @param node that has it in hand; empty if none has
   */
  record TroubledJob(String queue, String name, String session, int failures, String node) {}

  /** The ones that have failed most, a few of them. */
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
