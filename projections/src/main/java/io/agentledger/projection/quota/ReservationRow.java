package io.agentledger.projection.quota;

import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.shared.Money;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** Reservation of a run in progress. */
@Entity
@Table(name = "quota_reservation_row")
@SuppressWarnings("NullAway.Init")
public class ReservationRow {
  @Id private String runId;
  private String tenant;
  private String sessionId;
  private String userId;

  @Enumerated(EnumType.STRING)
  private ReservationType type;

  private long reservedNanos;
  private long bookedNanos;

  protected ReservationRow() {}

  ReservationRow(String tenant, ReservationMade event) {
    this.runId = event.runId().value();
    this.tenant = tenant;
    this.sessionId = event.sessionId().value();
    this.userId = event.userId().value();
    this.type = event.type();
    this.reservedNanos = event.reserved().nanos();
    this.bookedNanos = event.spent().nanos();
  }

  void extend(Money amount) {
    reservedNanos = Math.addExact(reservedNanos, amount.nanos());
  }

  void book(Money cost) {
    bookedNanos = Math.addExact(bookedNanos, cost.nanos());
  }
}
