package io.agentledger.command.session;

import org.springframework.jdbc.core.simple.JdbcClient;

/** How many jobs there are in the tables that all nodes share, by how they stand. */
final class JobCounts {
  private static final String SQL =
      """
      select
        count(*) filter (where not picked and execution_time <= now()),
        count(*) filter (where picked),
        count(*) filter (where coalesce(consecutive_failures, 0) > 0),
        count(*) filter (where picked and last_heartbeat < now() - interval '1 minute')
      from %s""";

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
