package io.agentledger.command.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Table of reservations by the time at which their run must be checked. */
record ReservationTable(JdbcClient sql) {

  /** Reference to a reservation. */
  record ReservationRef(TenantId tenant, SessionId session, RunId run) {}

  void save(ReservationRef reservation, Instant expiresAt) {
    sql.sql(
            """
            insert into quota_reservation (run_id, tenant, session_id, expires_at) values (?, ?, ?, ?)
            on conflict (run_id) do update set expires_at = excluded.expires_at""")
        .params(
            reservation.run().value(),
            reservation.tenant().value(),
            reservation.session().value(),
            expiresAt.atOffset(ZoneOffset.UTC))
        .update();
  }

  void prolong(RunId run, Instant expiresAt) {
    sql.sql("update quota_reservation set expires_at = ? where run_id = ?")
        .params(expiresAt.atOffset(ZoneOffset.UTC), run.value())
        .update();
  }

  void delete(RunId run) {
    sql.sql("delete from quota_reservation where run_id = ?").param(run.value()).update();
  }

  /** Returns the due reservations, oldest first. */
  List<ReservationRef> findDue(Instant now, int limit) {
    return sql.sql(
            """
            select tenant, session_id, run_id from quota_reservation
            where expires_at <= ? order by expires_at limit ?""")
        .params(now.atOffset(ZoneOffset.UTC), limit)
        .query(
            (row, n) ->
                new ReservationRef(
                    new TenantId(row.getString("tenant")),
                    new SessionId(row.getString("session_id")),
                    new RunId(row.getString("run_id"))))
        .list();
  }
}
