package io.agentledger.api.quota;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
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

/** Commands for a tenant's quota. They carry their time. */
@StableName("quota")
public sealed interface QuotaCommand {
  @TargetAggregateIdentifier
  QuotaId quotaId();

  /** Purpose of a reservation. */
  enum ReservationType {
    /** A run that a query asked for. Sessions are counted, so a session's runs are one. */
    RUN,
    /** An execution of a task. Executions are counted. */
    TASK
  }

  /**
   * Makes room for runs before they are accepted, all of them or none.
   *
   * @param chunk what each run holds of the budgets to begin with, as far as there is that much
   * @param expiresAt when somebody looks whether the runs are still there
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
   * A run is about to spend more than it holds; answered with a {@link Grant}. A run that nobody
   * reserved for (the agent began it by itself, or it goes on after a pause) begins to hold here.
   *
   * @param needed what the run will have spent in all with its next exchange
   * @param chunk what is reserved beyond that
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

  /** Spending limit that a run was granted; less than it needs is a rejection. */
  record Grant(Money spendingLimit) {}

  /** A run's reservation is not looked at again before then: the run is alive. */
  @InternalOnly
  @StableName("ProlongReservation")
  record ProlongReservation(QuotaId quotaId, RunId runId, Instant expiresAt)
      implements QuotaCommand {}

  /**
   * The run holds nothing any more.
   *
   * @param runEnded whether it has ended; otherwise it is paused and may hold something again
   */
  @InternalOnly
  @StableName("SettleReservation")
  record SettleReservation(QuotaId quotaId, RunId runId, boolean runEnded)
      implements QuotaCommand {}

  /** The run never came, or went without a word. */
  @InternalOnly
  @StableName("ExpireReservation")
  record ExpireReservation(QuotaId quotaId, RunId runId, Instant at) implements QuotaCommand {}

  /**
   * A model exchange was paid for.
   *
   * @param userId by whom, where the run holds no reservation, which knows that better
   */
  @InternalOnly
  @StableName("BookSpending")
  record BookSpending(
      QuotaId quotaId, SessionId sessionId, RunId runId, UserId userId, Money cost, Instant at)
      implements QuotaCommand {}

  /** A workspace is about to be filled with that much. */
  @InternalOnly
  @StableName("ClaimStorage")
  record ClaimStorage(QuotaId quotaId, QuotaSubject subject, long bytes) implements QuotaCommand {}

  /**
   * Records the storage that the workspaces and content of a user take on one node. Answered with
   * the storage left.
   *
   * @param node whose disk it is
   */
  @InternalOnly
  @StableName("MeasureStorage")
  record MeasureStorage(QuotaId quotaId, UserId userId, String node, long bytes)
      implements QuotaCommand {}

  /**
   * Storage that a user may take.
   *
   * @param workspaceMib in one workspace
   * @param storageMib in all together
   * @param bytes what all together take up, on every node
   */
  record StorageAllowance(long workspaceMib, long storageMib, long bytes) {}

  /**
   * Answered with the version that the limits then have.
   *
   * @param version of the limits that are to be changed; others mean that somebody was quicker
   */
  @RequiresScope(Scope.QUOTAS_WRITE)
  @StableName("ChangeTenantLimits")
  record ChangeTenantLimits(
      QuotaId quotaId, TenantLimits limits, long version, @Nullable Idempotency idempotency)
      implements QuotaCommand, Idempotent {}

  /** Gives somebody limits of their own, in place of the tenant's; answered like the last one. */
  @RequiresScope(Scope.QUOTAS_WRITE)
  @StableName("ChangeUserLimits")
  record ChangeUserLimits(
      QuotaId quotaId,
      UserId userId,
      UserLimits limits,
      long version,
      @Nullable Idempotency idempotency)
      implements QuotaCommand, Idempotent {}

  /** From now on the tenant's count for them again; answered like the last one. */
  @RequiresScope(Scope.QUOTAS_WRITE)
  @StableName("RemoveUserLimits")
  record RemoveUserLimits(
      QuotaId quotaId, UserId userId, long version, @Nullable Idempotency idempotency)
      implements QuotaCommand, Idempotent {}
}
