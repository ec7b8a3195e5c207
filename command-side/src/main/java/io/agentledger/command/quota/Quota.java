package io.agentledger.command.quota;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.BudgetOwner;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.QuotaCommand.BookSpending;
import io.agentledger.api.quota.QuotaCommand.ChangeTenantLimits;
import io.agentledger.api.quota.QuotaCommand.ChangeUserLimits;
import io.agentledger.api.quota.QuotaCommand.ClaimStorage;
import io.agentledger.api.quota.QuotaCommand.ExpireReservation;
import io.agentledger.api.quota.QuotaCommand.ExtendReservation;
import io.agentledger.api.quota.QuotaCommand.Grant;
import io.agentledger.api.quota.QuotaCommand.MeasureStorage;
import io.agentledger.api.quota.QuotaCommand.ProlongReservation;
import io.agentledger.api.quota.QuotaCommand.RemoveUserLimits;
import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.quota.QuotaCommand.ReserveRuns;
import io.agentledger.api.quota.QuotaCommand.SettleReservation;
import io.agentledger.api.quota.QuotaCommand.StorageAllowance;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.quota.QuotaEvent.BudgetExhausted;
import io.agentledger.api.quota.QuotaEvent.BudgetThresholdReached;
import io.agentledger.api.quota.QuotaEvent.ReservationExpired;
import io.agentledger.api.quota.QuotaEvent.ReservationExtended;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationProlonged;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.SpendingBooked;
import io.agentledger.api.quota.QuotaEvent.StorageClaimed;
import io.agentledger.api.quota.QuotaEvent.StorageMeasured;
import io.agentledger.api.quota.QuotaEvent.TenantLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsRemoved;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.AboveCeiling;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.quota.Reservations.OpenReservation;
import java.time.Instant;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * Limits, reservations and monthly spending of one tenant and its users. It is created by its first
 * command. A node that has it in memory reads what others have changed when it is loaded.
 */
@Aggregate(type = "Quota", snapshotTriggerDefinition = "quotaSnapshots", cache = "quotaCache")
@Revision("1") // Of the snapshot: others are ignored, and the events are read.
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class Quota {
  private static final long BYTES_PER_MIB = 1024L * 1024;

  @AggregateIdentifier private QuotaId id;
  private LimitOverrides limits = new LimitOverrides();
  private Reservations reservations = new Reservations();
  private MonthlySpending spending = new MonthlySpending();
  private StorageUsage storage = new StorageUsage();

  Quota() {}

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void reserve(ReserveRuns command, DefaultLimits defaultLimits) {
    var newRuns = command.runs().stream().filter(run -> reservations.find(run).isEmpty()).toList();
    if (newRuns.isEmpty()) return;
    var quotaSubject = command.subject();
    reservations.checkLimits(
        command, newRuns.size(), limits.limitsOf(quotaSubject.userId(), defaultLimits));
    var ledger = ledger(command.quotaId(), command.at());
    requireBudgetLeft(budgets(quotaSubject.userId(), defaultLimits, ledger), command.at());
    for (var run : newRuns)
      apply(
          new ReservationMade(
              command.quotaId(),
              quotaSubject.sessionId(),
              run,
              quotaSubject.userId(),
              command.type(),
              Money.ZERO,
              budgets(quotaSubject.userId(), defaultLimits, ledger).available(command.chunk()),
              command.expiresAt()));
  }

  private static void requireBudgetLeft(ApplicableBudgets budgets, Instant at) {
    budgets
        .exhausted()
        .ifPresent(
            account -> {
              var payer = account.payer() instanceof BudgetOwner.Tenant ? "tenant" : "user";
              throw rejection(
                  new io.agentledger.api.shared.QuotaRejection.BudgetExceeded(
                      payer, account.budget().limitUsd(), MonthlySpending.nextMonth(at)));
            });
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  Grant extend(ExtendReservation command, DefaultLimits defaultLimits) {
    if (reservations.isEnded(command.runId())) return grantAfterEnd(command, defaultLimits);
    if (reservations.find(command.runId()).isEmpty()) makeReservation(command);
    var reserved = reservations.find(command.runId()).orElseThrow().reserved();
    if (command.needed().compareTo(reserved) <= 0) return new Grant(reserved);
    var ledger = ledger(command.quotaId(), command.at());
    var budgets = budgets(command.subject().userId(), defaultLimits, ledger);
    var amount = budgets.available(command.needed().plus(command.chunk()).minus(reserved));
    var shortfall = budgets.findShortfall(command.needed().minus(reserved));
    if (amount.compareTo(Money.ZERO) > 0)
      apply(new ReservationExtended(command.quotaId(), command.runId(), amount));
    if (shortfall.isPresent())
      budgets.exhausted().flatMap(budgets::exhaustedEvent).ifPresent(event -> apply(event));
    return new Grant(reserved.plus(amount), shortfall.orElse(null));
  }

  /**
   * Grants spending after the run has ended: its process may still spend what the budgets leave,
   * without a reservation.
   */
  private Grant grantAfterEnd(ExtendReservation command, DefaultLimits defaultLimits) {
    var amount = command.needed().minus(command.spent());
    var budgets = budgets(command.subject().userId(), defaultLimits, ledger(id, command.at()));
    return new Grant(
        command.spent().plus(budgets.available(amount)),
        budgets.findShortfall(amount).orElse(null));
  }

  /**
   * Creates the reservation. Earlier spending of the run is already booked, so it counts as
   * reserved and spent.
   */
  private void makeReservation(ExtendReservation command) {
    apply(
        new ReservationMade(
            command.quotaId(),
            command.subject().sessionId(),
            command.runId(),
            command.subject().userId(),
            ReservationType.RUN,
            command.spent(),
            command.spent(),
            command.expiresAt()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void prolong(ProlongReservation command) {
    if (reservations.find(command.runId()).isPresent())
      apply(new ReservationProlonged(id, command.runId(), command.expiresAt()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void settle(SettleReservation command) {
    reservations
        .find(command.runId())
        .ifPresent(
            reservation ->
                apply(
                    new ReservationSettled(
                        id, command.runId(), reservation.spent(), command.runEnded())));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void expire(ExpireReservation command) {
    if (reservations.find(command.runId()).isPresent())
      apply(new ReservationExpired(id, command.runId()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void book(BookSpending command, DefaultLimits defaultLimits) {
    var ledger = ledger(command.quotaId(), command.at());
    var user =
        reservations.find(command.runId()).map(OpenReservation::user).orElse(command.userId());
    apply(
        new SpendingBooked(
            command.quotaId(),
            command.sessionId(),
            command.runId(),
            user,
            command.cost(),
            ledger.month()));
    budgets(user, defaultLimits, ledger).notices().forEach(notice -> apply(notice));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void claim(ClaimStorage command, DefaultLimits defaultLimits) {
    var quotaSubject = command.subject();
    var userLimits = limits.limitsOf(quotaSubject.userId(), defaultLimits);
    if (command.bytes() > bytes(userLimits.workspaceMib()))
      throw rejection(new StorageFull("workspace_mib", userLimits.workspaceMib()));
    if (storage.bytes(quotaSubject.userId()) + command.bytes() > bytes(userLimits.storageMib()))
      throw rejection(new StorageFull("storage_mib", userLimits.storageMib()));
    if (command.bytes() > 0)
      apply(
          new StorageClaimed(
              command.quotaId(), quotaSubject.sessionId(), quotaSubject.userId(), command.bytes()));
  }

  private static long bytes(long mib) {
    return Math.multiplyExact(mib, BYTES_PER_MIB);
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  StorageAllowance measure(MeasureStorage command, DefaultLimits defaultLimits) {
    var user = command.userId();
    boolean unchanged = storage.measured(user, command.node()) == command.bytes();
    if (!unchanged || storage.isClaimed(user))
      apply(new StorageMeasured(command.quotaId(), user, command.node(), command.bytes()));
    var userLimits = limits.limitsOf(user, defaultLimits);
    return new StorageAllowance(
        userLimits.workspaceMib(), userLimits.storageMib(), storage.bytes(user));
  }

  private static void requireNone(List<AboveCeiling.Excess> excesses) {
    if (!excesses.isEmpty()) throw rejection(new AboveCeiling(excesses));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  long change(ChangeTenantLimits command, Caller caller, DefaultLimits defaultLimits) {
    requireSameTenant(command.quotaId(), caller);
    requireNone(command.limits().above(defaultLimits.ceiling()));
    limits.change(command).ifPresent(event -> apply(event));
    return limits.version();
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  long change(ChangeUserLimits command, Caller caller, DefaultLimits defaultLimits) {
    requireSameTenant(command.quotaId(), caller);
    requireNone(defaultLimits.aboveCeiling(command.userId(), command.limits()));
    limits.change(command).ifPresent(event -> apply(event));
    return limits.version(command.userId());
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  long remove(RemoveUserLimits command, Caller caller) {
    requireSameTenant(command.quotaId(), caller);
    limits.remove(command).ifPresent(event -> apply(event));
    return limits.version(command.userId());
  }

  private static void requireSameTenant(QuotaId quota, Caller caller) {
    if (!quota.equals(QuotaId.of(caller.tenant())))
      throw rejection(new NotFound("quota", quota.value()));
  }

  private ApplicableBudgets.Ledger ledger(QuotaId quota, Instant at) {
    return new ApplicableBudgets.Ledger(quota, MonthlySpending.monthOf(at), spending, reservations);
  }

  private ApplicableBudgets budgets(
      UserId user, DefaultLimits defaultLimits, ApplicableBudgets.Ledger ledger) {
    return ApplicableBudgets.resolve(user, limits, defaultLimits, ledger);
  }

  private static RejectionException rejection(Rejection rejection) {
    return new RejectionException(rejection);
  }

  @EventSourcingHandler
  void on(QuotaEvent event) {
    id = event.quotaId();
    switch (event) {
      case ReservationMade made -> reservations.on(made);
      case ReservationExtended extended -> reservations.on(extended);
      case ReservationProlonged prolonged -> {} // Only the reaper's table needs it.
      case ReservationSettled settled -> reservations.onSettled(settled);
      case ReservationExpired expired -> reservations.onExpired(expired.runId());
      case SpendingBooked booked -> {
        spending.on(booked);
        reservations.on(booked);
      }
      case BudgetThresholdReached budgetThresholdReached ->
          spending.markWarned(budgetThresholdReached.budgetOwner(), budgetThresholdReached.month());
      case BudgetExhausted budgetExhausted ->
          spending.markExhausted(budgetExhausted.budgetOwner(), budgetExhausted.month());
      case StorageClaimed claimed -> storage.on(claimed);
      case StorageMeasured measured -> storage.on(measured);
      case TenantLimitsChanged changed -> {
        limits.on(changed);
        spending.resetAllNotices();
      }
      case UserLimitsChanged changed -> {
        limits.on(changed);
        spending.resetNotices(new BudgetOwner.User(changed.userId()));
      }
      case UserLimitsRemoved removed -> {
        limits.on(removed);
        spending.resetNotices(new BudgetOwner.User(removed.userId()));
      }
    }
  }
}
