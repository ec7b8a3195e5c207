package io.agentledger.command.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The reservations whose runs somebody has to look after, by time. */
record ReservationTable(JdbcClient sql) {

  /** One of them. */
  record Open(TenantId tenant, SessionId session, RunId run) {}

  void open(Open one, Instant until) {
    sql.sql(
            """
            insert into quota_reservation (run_id, tenant, session_id, until) values (?, ?, ?, ?)
            on conflict (run_id) do update set until = excluded.until""")
        .params(
            one.run().value(),
            one.tenant().value(),
            one.session().value(),
            until.atOffset(ZoneOffset.UTC))
        .update();
  }

  void prolong(RunId run, Instant until) {
    sql.sql("update quota_reservation set until = ? where run_id = ?")
        .params(until.atOffset(ZoneOffset.UTC), run.value())
        .update();
  }

  void delete(RunId run) {
    sql.sql("delete from quota_reservation where run_id = ?").param(run.value()).update();
  }

  /** Those whose time is over, the longest first. */
  List<Open> due(Instant now, int limit) {
    return sql.sql(
            """
            select tenant, session_id, run_id from quota_reservation
            where until <= ? order by until limit ?""")
        .params(now.atOffset(ZoneOffset.UTC), limit)
        .query(
            (row, n) ->
                new Open(
                    new TenantId(row.getString("tenant")),
                    new SessionId(row.getString("session_id")),
                    new RunId(row.getString("run_id"))))
        .list();
  }
}
