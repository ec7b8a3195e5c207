package io.agentledger.query.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.UsageView;
import io.agentledger.api.quota.UsageView.Used;
import io.agentledger.api.quota.UsageView.UserUsage;
import io.agentledger.api.shared.Money;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Computes the current usage and the spending of this month. */
record UsageReader(JdbcClient sql, Clock clock) {
  private static final int USERS_MAX = 500;

  private static final String USED =
      """
      with held as (
          select user_id,
            count(distinct session_id) filter (where type = 'RUN') as sessions,
            sum(greatest(reserved_nanos - booked_nanos, 0)) as held
          from quota_reservation_row where tenant = :tenant group by user_id),
        stored as (
          select user_id, sum(bytes) as bytes
          from quota_storage_row where tenant = :tenant group by user_id),
        running as (
          select user_id, count(*) as tasks from execution_row
          where tenant = :tenant and status = 'RUNNING' group by user_id),
        spent as (
          select user_id, spent_nanos as spent
          from quota_month_row where tenant = :tenant and month = :month)
      select user_id, coalesce(sessions, 0) as sessions, coalesce(tasks, 0) as tasks,
        coalesce(bytes, 0) as bytes, coalesce(spent, 0) as spent, coalesce(held, 0) as held
      from held full join stored using (user_id) full join spent using (user_id)
        full join running using (user_id)
      """;

  /** Reads the usage of all users, or of one. */
  UsageView read(TenantId tenant, Optional<UserId> user) {
    var month = YearMonth.now(clock.withZone(ZoneOffset.UTC)).toString();
    if (user.isPresent()) {
      var usage =
          sql.sql("select * from (" + USED + ") used where user_id = :user")
              .param("tenant", tenant.value())
              .param("month", month)
              .param("user", user.get().value())
              .query(UsageReader::used)
              .optional()
              .orElse(new Used(0, 0, 0, Money.ZERO, Money.ZERO));
      return new UsageView(month, null, List.of(new UserUsage(user.get(), usage)));
    }
    return new UsageView(month, total(tenant, month), users(tenant, month));
  }

  private Used total(TenantId tenant, String month) {
    return sql.sql(
            """
            select coalesce(sum(sessions), 0) as sessions, coalesce(sum(tasks), 0) as tasks,
              coalesce(sum(bytes), 0) as bytes, coalesce(sum(spent), 0) as spent,
              coalesce(sum(held), 0) as held
            from (%s) used"""
                .formatted(USED))
        .param("tenant", tenant.value())
        .param("month", month)
        .query(UsageReader::used)
        .single();
  }

  private List<UserUsage> users(TenantId tenant, String month) {
    return sql.sql(USED + " order by spent desc, user_id limit :most")
        .param("tenant", tenant.value())
        .param("month", month)
        .param("most", USERS_MAX)
        .query((row, n) -> new UserUsage(new UserId(row.getString("user_id")), used(row, n)))
        .list();
  }

  private static Used used(ResultSet row, int n) throws SQLException {
    return new Used(
        row.getLong("sessions"),
        row.getLong("tasks"),
        row.getLong("bytes"),
        new Money(row.getLong("spent")),
        new Money(row.getLong("held")));
  }
}
