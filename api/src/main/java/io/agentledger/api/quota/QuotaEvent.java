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
   * A reservation for a run was made.
   *
   * @param spent spending of the run in earlier reservations
   * @param reserved spending limit of the run with this reservation
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

  /** The reservation of a run was extended. */
  @NotAudited
  @Revision("1")
  @StableName("ReservationExtended")
  record ReservationExtended(QuotaId quotaId, RunId runId, Money amount) implements QuotaEvent {}

  /** The run was alive when its reservation was checked. */
  @NotAudited
  @Revision("1")
  @StableName("ReservationProlonged")
  record ReservationProlonged(QuotaId quotaId, RunId runId, Instant expiresAt)
      implements QuotaEvent {}

  /**
   * The run ended or paused.
   *
   * @param spent total spending of the run
   * @param runEnded whether it has ended; otherwise it is paused
   */
  @NotAudited
  @Revision("1")
  @StableName("ReservationSettled")
  record ReservationSettled(QuotaId quotaId, RunId runId, Money spent, boolean runEnded)
      implements QuotaEvent {}

  /** The run did not exist when its reservation was checked. */
  @NotAudited
  @Revision("1")
  @StableName("ReservationExpired")
  record ReservationExpired(QuotaId quotaId, RunId runId) implements QuotaEvent {}

  /** The cost of a model exchange was recorded, with or without a reservation. */
  @NotAudited
  @Revision("1")
  @StableName("SpendingBooked")
  record SpendingBooked(
      QuotaId quotaId, SessionId sessionId, RunId runId, UserId userId, Money cost, String month)
      implements QuotaEvent {}

  /** 80 percent of a budget are spent; recorded once for each month and limit. */
  @NotAudited
  @Revision("1")
  @StableName("BudgetThresholdReached")
  record BudgetThresholdReached(
      QuotaId quotaId, BudgetOwner budgetOwner, String month, Money limit, Money spent)
      implements QuotaEvent {}

  /** A budget is used up, or the rest is too small; recorded once for each month and limit. */
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

  /** Storage for a workspace was reserved. */
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

  /** The tenant got its own limits. */
  @Revision("1")
  @StableName("TenantLimitsChanged")
  record TenantLimitsChanged(QuotaId quotaId, TenantLimits limits, long version)
      implements QuotaEvent {}

  /** A user got their own limits. */
  @Revision("1")
  @StableName("UserLimitsChanged")
  record UserLimitsChanged(QuotaId quotaId, UserId userId, UserLimits limits, long version)
      implements QuotaEvent {}

  /** The own limits of a user were removed, so that the tenant's apply. */
  @Revision("1")
  @StableName("UserLimitsRemoved")
  record UserLimitsRemoved(QuotaId quotaId, UserId userId, long version) implements QuotaEvent {}
}
