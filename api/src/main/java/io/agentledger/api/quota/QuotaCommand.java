package io.agentledger.api.quota;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for a tenant's quota. Each contains its time. */
@StableName("quota")
public sealed interface QuotaCommand extends ApiCommand {
  @TargetAggregateIdentifier
  QuotaId quotaId();

  /** Purpose of a reservation. */
  enum ReservationType {
    /**
     * A run that a query requested. The limit counts sessions, so all runs of a session count as
     * one.
     */
    RUN,
    /** An execution of a task. The limit counts executions. */
    TASK
  }

  /**
   * Reserves capacity for runs before they are accepted, for all of them or none.
   *
   * @param chunk amount that each run reserves at first, if the budgets have that much left
   * @param expiresAt when the service checks whether the runs still exist
   */
  @InternalOnly
  @StableName("ReserveRuns")
  record ReserveRuns(
      QuotaId quotaId,
      QuotaSubject subject,
      ReservationType type,
      List<RunId> runs,
      Money chunk,
      Instant at,
      Instant expiresAt)
      implements QuotaCommand {}

  /**
   * Extends the reservation of a run that is about to spend more than it holds; returns a {@link
   * Grant}. For a run without a reservation (started by the agent itself, or resumed after a pause)
   * it creates one.
   *
   * @param needed total spending of the run after its next exchange
   * @param chunk amount to reserve beyond that
   */
  @InternalOnly
  @StableName("ExtendReservation")
  record ExtendReservation(
      QuotaId quotaId,
      QuotaSubject subject,
      RunId runId,
      Money spent,
      Money needed,
      Money chunk,
      Instant at,
      Instant expiresAt)
      implements QuotaCommand {}

  /**
   * Spending limit that was granted to a run; less than the run needs is a rejection.
   *
   * @param shortfall the budget that does not suffice; null if the run gets what it needs
   */
  record Grant(Money spendingLimit, @Nullable BudgetShortfall shortfall) {
    public Grant(Money spendingLimit) {
      this(spendingLimit, null);
    }
  }

  /** Postpones the next check of a run's reservation, because the run is alive. */
  @InternalOnly
  @StableName("ProlongReservation")
  record ProlongReservation(QuotaId quotaId, RunId runId, Instant expiresAt)
      implements QuotaCommand {}

  /**
   * Releases the reservation of a run.
   *
   * @param runEnded whether the run has ended; otherwise it is paused and may reserve again
   */
  @InternalOnly
  @StableName("SettleReservation")
  record SettleReservation(QuotaId quotaId, RunId runId, boolean runEnded)
      implements QuotaCommand {}

  /** Releases the reservation of a run that never started or was lost. */
  @InternalOnly
  @StableName("ExpireReservation")
  record ExpireReservation(QuotaId quotaId, RunId runId, Instant at) implements QuotaCommand {}

  /**
   * Records the cost of a model exchange.
   *
   * @param userId user who pays if the run holds no reservation
   */
  @InternalOnly
  @StableName("BookSpending")
  record BookSpending(
      QuotaId quotaId, SessionId sessionId, RunId runId, UserId userId, Money cost, Instant at)
      implements QuotaCommand {}

  /** Reserves storage for a workspace that is about to be filled. */
  @InternalOnly
  @StableName("ClaimStorage")
  record ClaimStorage(QuotaId quotaId, QuotaSubject subject, long bytes) implements QuotaCommand {}

  /**
   * Records the storage that the workspaces and content of a user take on one node. Returns the
   * storage left.
   *
   * @param node name of the node whose disk was measured
   */
  @InternalOnly
  @StableName("MeasureStorage")
  record MeasureStorage(QuotaId quotaId, UserId userId, String node, long bytes)
      implements QuotaCommand {}

  /**
   * Storage of a user.
   *
   * @param workspaceMib limit of one workspace
   * @param storageMib limit of all together
   * @param bytes current use of all together, on every node
   */
  record StorageAllowance(long workspaceMib, long storageMib, long bytes) {}

  /**
   * Changes the limits of the tenant and returns their new version.
   *
   * @param version version that the change is based on; the command is rejected if the limits have
   *     another version
   */
  @RequiresScope(Scope.QUOTAS_WRITE)
  @StableName("ChangeTenantLimits")
  record ChangeTenantLimits(
      QuotaId quotaId, TenantLimits limits, long version, @Nullable Idempotency idempotency)
      implements QuotaCommand, Idempotent {}

  /** Gives a user their own limits in place of the tenant's and returns the new version. */
  @RequiresScope(Scope.QUOTAS_WRITE)
  @StableName("ChangeUserLimits")
  record ChangeUserLimits(
      QuotaId quotaId,
      UserId userId,
      UserLimits limits,
      long version,
      @Nullable Idempotency idempotency)
      implements QuotaCommand, Idempotent {}

  /** Removes a user's own limits, so that the tenant's apply; returns the new version. */
  @RequiresScope(Scope.QUOTAS_WRITE)
  @StableName("RemoveUserLimits")
  record RemoveUserLimits(
      QuotaId quotaId, UserId userId, long version, @Nullable Idempotency idempotency)
      implements QuotaCommand, Idempotent {}
}
