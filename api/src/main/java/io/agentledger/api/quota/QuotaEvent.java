package io.agentledger.api.quota;

import io.agentledger.api.audit.NotAudited;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/** Events of a tenant's quota. Months are in UTC, such as {@code 2026-11}. */
public sealed interface QuotaEvent {
  QuotaId quotaId();

  /**
   * There is room for a run.
   *
   * @param spent what the run had spent before, in an earlier reservation
   * @param reserved how far it may go, with that
   */
  @NotAudited
  @Revision("1")
  @StableName("ReservationMade")
  record ReservationMade(
      QuotaId quotaId,
      SessionId sessionId,
      RunId runId,
      UserId userId,
      ReservationType type,
      Money spent,
      Money reserved,
      Instant expiresAt)
      implements QuotaEvent {}

  /** The run holds more of the budgets. */
  @NotAudited
  @Revision("1")
  @StableName("ReservationExtended")
  record ReservationExtended(QuotaId quotaId, RunId runId, Money amount) implements QuotaEvent {}

  /** The run was found alive when its time was over. */
  @NotAudited
  @Revision("1")
  @StableName("ReservationProlonged")
  record ReservationProlonged(QuotaId quotaId, RunId runId, Instant expiresAt)
      implements QuotaEvent {}

  /**
   * The run is over or paused.
   *
   * @param spent what the run has spent in all
   * @param runEnded whether it has ended; otherwise it is paused
   */
  @NotAudited
  @Revision("1")
  @StableName("ReservationSettled")
  record ReservationSettled(QuotaId quotaId, RunId runId, Money spent, boolean runEnded)
      implements QuotaEvent {}

  /** Nobody knew of the run when its time was over. */
  @NotAudited
  @Revision("1")
  @StableName("ReservationExpired")
  record ReservationExpired(QuotaId quotaId, RunId runId) implements QuotaEvent {}

  /** A model exchange was paid for, with or without a reservation. */
  @NotAudited
  @Revision("1")
  @StableName("SpendingBooked")
  record SpendingBooked(
      QuotaId quotaId, SessionId sessionId, RunId runId, UserId userId, Money cost, String month)
      implements QuotaEvent {}

  /** Four fifths of a budget are spent; said once for each month and limit. */
  @NotAudited
  @Revision("1")
  @StableName("BudgetThresholdReached")
  record BudgetThresholdReached(
      QuotaId quotaId, BudgetOwner budgetOwner, String month, Money limit, Money spent)
      implements QuotaEvent {}

  /** A budget is spent, or too little of it is left; said once for each month and limit. */
  @NotAudited
  @Revision("1")
  @StableName("BudgetExhausted")
  record BudgetExhausted(
      QuotaId quotaId,
      BudgetOwner budgetOwner,
      String month,
      Money limit,
      Money spent,
      OnExceeded onExceeded)
      implements QuotaEvent {}

  /** A workspace of that much was let in. */
  @NotAudited
  @Revision("1")
  @StableName("StorageClaimed")
  record StorageClaimed(QuotaId quotaId, SessionId sessionId, UserId userId, long bytes)
      implements QuotaEvent {}

  /** The storage of a user on one node was measured; it includes earlier claims. */
  @NotAudited
  @Revision("1")
  @StableName("StorageMeasured")
  record StorageMeasured(QuotaId quotaId, UserId userId, String node, long bytes)
      implements QuotaEvent {}

  /** The tenant has limits of its own. */
  @Revision("1")
  @StableName("TenantLimitsChanged")
  record TenantLimitsChanged(QuotaId quotaId, TenantLimits limits, long version)
      implements QuotaEvent {}

  /** Somebody has limits of their own. */
  @Revision("1")
  @StableName("UserLimitsChanged")
  record UserLimitsChanged(QuotaId quotaId, UserId userId, UserLimits limits, long version)
      implements QuotaEvent {}

  /** The tenant's limits count for them again. */
  @Revision("1")
  @StableName("UserLimitsRemoved")
  record UserLimitsRemoved(QuotaId quotaId, UserId userId, long version) implements QuotaEvent {}
}
