package io.agentledger.query.ops;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.model.Usage;
import io.agentledger.api.ops.OpsQuery.GetStatistics;
import io.agentledger.api.ops.StatisticsView;
import io.agentledger.api.ops.StatisticsView.Count;
import io.agentledger.api.ops.StatisticsView.Day;
import io.agentledger.api.ops.StatisticsView.Runs;
import io.agentledger.api.shared.Money;
import io.agentledger.store.postgres.LongStatements;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Computes the statistics of a tenant by day, from the rows of sessions and runs. */
final class StatisticsReader {
  private static final String SESSIONS =
      """
      select (created_at at time zone 'utc')::date, count(*) from session_row
      where tenant = ? and created_at >= ? and created_at < ? group by 1""";

  private static final String RUNS =
      """
      select (requested_at at time zone 'utc')::date, count(*),
        count(*) filter (where status = 'COMPLETED'),
        count(*) filter (where status = 'FAILED'),
        count(*) filter (where status = 'INTERRUPTED'),
        count(*) filter (where status not in ('COMPLETED', 'FAILED', 'INTERRUPTED')),
        sum(input_tokens)::bigint, sum(output_tokens)::bigint, sum(cache_read_tokens)::bigint,
        sum(cache_write_5m_tokens)::bigint, sum(cache_write_1h_tokens)::bigint,
        sum(cost_nanos)::bigint
      from run_row where tenant = ? and requested_at >= ? and requested_at < ? group by 1""";

  private static final String USERS =
      """
      select count(distinct owner) from session_row where tenant = ? and id in
        (select session_id from run_row where tenant = ? and requested_at >= ? and requested_at < ?)""";

  private final DataSource database;
  private final JdbcClient sql;

  StatisticsReader(DataSource database) {
    this.database = database;
    this.sql = JdbcClient.create(database);
  }

  /** Must run in a transaction. */
  StatisticsView read(GetStatistics query) {
    LongStatements.allow(database);
    var days = new TreeMap<LocalDate, Count>();
    for (var day : days(SESSIONS, query, StatisticsReader::sessions))
      days.merge(day.day(), day.count(), Count::plus);
    for (var day : days(RUNS, query, StatisticsReader::runs))
      days.merge(day.day(), day.count(), Count::plus);
    return new StatisticsView(
        query.from(),
        query.to(),
        users(query),
        days.values().stream().reduce(Count.NONE, Count::plus),
        days.entrySet().stream().map(day -> new Day(day.getKey(), day.getValue())).toList());
  }

  private List<Day> days(
      String statement, GetStatistics query, org.springframework.jdbc.core.RowMapper<Day> mapper) {
    return sql.sql(statement)
        .params(
            query.tenant().value(), startOfDay(query.from()), startOfDay(query.to().plusDays(1)))
        .query(mapper)
        .list();
  }

  private long users(GetStatistics query) {
    TenantId tenant = query.tenant();
    return sql.sql(USERS)
        .params(
            tenant.value(),
            tenant.value(),
            startOfDay(query.from()),
            startOfDay(query.to().plusDays(1)))
        .query(Long.class)
        .single();
  }

  private static OffsetDateTime startOfDay(LocalDate day) {
    return day.atStartOfDay().atOffset(ZoneOffset.UTC);
  }

  private static Day sessions(ResultSet row, int number) throws SQLException {
    var count = new Count(row.getLong(2), Count.NONE.runs(), Usage.ZERO, Money.ZERO);
    return new Day(row.getObject(1, LocalDate.class), count);
  }

  private static Day runs(ResultSet row, int number) throws SQLException {
    var runs =
        new Runs(row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5), row.getLong(6));
    var usage =
        new Usage(row.getLong(7), row.getLong(8), row.getLong(9), row.getLong(10), row.getLong(11));
    return new Day(
        row.getObject(1, LocalDate.class), new Count(0, runs, usage, new Money(row.getLong(12))));
  }
}
