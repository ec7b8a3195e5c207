package io.agentledger.command.quota;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.quota.QuotaEvent.ReservationExpired;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationProlonged;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Table of reservations by the time at which their run must be checked, updated in the transaction
 * of the events.
 */
@ProcessingGroup(ReservationTable.GROUP)
record ReservationTable(JdbcClient sql) {
  static final String GROUP = "reservation-lookup";

  /** Reference to a reservation. */
  record ReservationRef(TenantId tenant, SessionId session, RunId run) {}

  @EventHandler
  void on(ReservationMade event, TenantId tenant) {
    sql.sql(
            """
            insert into quota_reservation (run_id, tenant, session_id, expires_at) values (?, ?, ?, ?)
            on conflict (run_id) do update set expires_at = excluded.expires_at""")
        .params(
            event.runId().value(),
            tenant.value(),
            event.sessionId().value(),
            event.expiresAt().atOffset(ZoneOffset.UTC))
        .update();
  }

  @EventHandler
  void on(ReservationProlonged event) {
    sql.sql("update quota_reservation set expires_at = ? where run_id = ?")
        .params(event.expiresAt().atOffset(ZoneOffset.UTC), event.runId().value())
        .update();
  }

  @EventHandler
  void on(ReservationSettled event) {
    delete(event.runId());
  }

  @EventHandler
  void on(ReservationExpired event) {
    delete(event.runId());
  }

  private void delete(RunId run) {
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
