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
import io.agentledger.api.quota.QuotaCommand.Kind;
import io.agentledger.api.quota.QuotaCommand.MeasureStorage;
import io.agentledger.api.quota.QuotaCommand.ProlongReservation;
import io.agentledger.api.quota.QuotaCommand.RemoveUserLimits;
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
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.quota.Reservations.Open;
import java.time.Instant;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.serialization.Revision;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * What one tenant and its people may use, have in use and have spent this month. It is there from
 * the first wish on. It is never cached: another node may have given away what was left.
 */
@Aggregate(type = "Quota", snapshotTriggerDefinition = "quotaSnapshots")
@Revision("1") // Of the snapshot: one of another shape is not read, the events are.
@SuppressWarnings("NullAway.Init") // The first event fills it.
class Quota {
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
    var fresh = command.runs().stream().filter(run -> reservations.find(run).isEmpty()).toList();
    if (fresh.isEmpty()) return;
    var quotaSubject = command.holder();
    reservations.checkLimits(
        command, fresh.size(), limits.limitsOf(quotaSubject.userId(), defaultLimits));
    var ledger = book(command.quotaId(), command.at());
    requireBudgetLeft(budgets(quotaSubject.userId(), defaultLimits, ledger), command.at());
    for (var run : fresh)
      apply(
          new ReservationMade(
              command.quotaId(),
              quotaSubject.sessionId(),
              run,
              quotaSubject.userId(),
              command.kind(),
              Money.ZERO,
              budgets(quotaSubject.userId(), defaultLimits, ledger).available(command.chunk()),
              command.until()));
  }

  private static void requireBudgetLeft(ApplicableBudgets budgets, Instant at) {
    budgets
        .exhausted()
        .ifPresent(
            account -> {
              var payer = account.payer() instanceof BudgetOwner.Tenant ? "tenant" : "user";
              throw no(
                  new io.agentledger.api.shared.QuotaRejection.BudgetExhausted(
                      payer, account.budget().limit(), MonthlySpending.nextMonth(at)));
            });
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  Grant extend(ExtendReservation command, DefaultLimits defaultLimits) {
    if (reservations.isEnded(command.runId())) return lastWords(command, defaultLimits);
    if (reservations.find(command.runId()).isEmpty()) makeReservation(command);
    var reserved = reservations.find(command.runId()).orElseThrow().reserved();
    if (command.needed().compareTo(reserved) <= 0) return new Grant(reserved);
    var ledger = book(command.quotaId(), command.at());
    var budgets = budgets(command.holder().userId(), defaultLimits, ledger);
    var by = budgets.available(command.needed().plus(command.chunk()).minus(reserved));
    if (by.compareTo(Money.ZERO) > 0)
      apply(new ReservationExtended(command.quotaId(), command.runId(), by));
    if (command.needed().compareTo(reserved.plus(by)) > 0)
      budgets.exhausted().flatMap(budgets::reached).ifPresent(event -> apply(event));
    return new Grant(reserved.plus(by));
  }

  /** What its process still asks for after a run's end is paid, and holds nothing. */
  private Grant lastWords(ExtendReservation command, DefaultLimits defaultLimits) {
    var more = command.needed().minus(command.spent());
    var budgets = budgets(command.holder().userId(), defaultLimits, book(id, command.at()));
    return new Grant(command.spent().plus(budgets.available(more)));
  }

  /** What the run spent before is booked: it counts as reserved and spent from here on. */
  private void makeReservation(ExtendReservation command) {
    apply(
        new ReservationMade(
            command.quotaId(),
            command.holder().sessionId(),
            command.runId(),
            command.holder().userId(),
            Kind.RUN,
            command.spent(),
            command.spent(),
            command.until()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void prolong(ProlongReservation command) {
    if (reservations.find(command.runId()).isPresent())
      apply(new ReservationProlonged(id, command.runId(), command.until()));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  void settle(SettleReservation command) {
    reservations
        .find(command.runId())
        .ifPresent(
            one ->
                apply(new ReservationSettled(id, command.runId(), one.booked(), command.over())));
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
    var ledger = book(command.quotaId(), command.at());
    var user = reservations.find(command.runId()).map(Open::user).orElse(command.userId());
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
    var quotaSubject = command.holder();
    var most = limits.limitsOf(quotaSubject.userId(), defaultLimits);
    if (command.bytes() > bytes(most.workspaceMib()))
      throw no(new StorageFull("workspace_mib", most.workspaceMib()));
    if (storage.bytes(quotaSubject.userId()) + command.bytes() > bytes(most.storageMib()))
      throw no(new StorageFull("storage_mib", most.storageMib()));
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
    boolean known = storage.measured(user, command.node()) == command.bytes();
    if (!known || storage.isClaimed(user))
      apply(new StorageMeasured(command.quotaId(), user, command.node(), command.bytes()));
    var most = limits.limitsOf(user, defaultLimits);
    return new StorageAllowance(most.workspaceMib(), most.storageMib(), storage.bytes(user));
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  long change(ChangeTenantLimits command, Caller caller) {
    requireSameTenant(command.quotaId(), caller);
    limits.change(command).ifPresent(event -> apply(event));
    return limits.version();
  }

  @CommandHandler
  @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
  long change(ChangeUserLimits command, Caller caller) {
    requireSameTenant(command.quotaId(), caller);
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
    if (!quota.equals(QuotaId.of(caller.tenant()))) throw no(new NotFound("quota", quota.value()));
  }

  private ApplicableBudgets.Ledger book(QuotaId quota, Instant at) {
    return new ApplicableBudgets.Ledger(quota, MonthlySpending.monthOf(at), spending, reservations);
  }

  private ApplicableBudgets budgets(
      UserId user, DefaultLimits defaultLimits, ApplicableBudgets.Ledger ledger) {
    return ApplicableBudgets.resolve(user, limits, defaultLimits, ledger);
  }

  private static RejectionException no(Rejection rejection) {
    return new RejectionException(rejection);
  }

  @EventSourcingHandler
  void on(QuotaEvent event) {
    id = event.quotaId();
    switch (event) {
      case ReservationMade made -> reservations.on(made);
      case ReservationExtended extended -> reservations.on(extended);
      case ReservationProlonged prolonged -> {} // The job that looks after it knows.
      case ReservationSettled settled -> reservations.onSettled(settled);
      case ReservationExpired expired -> reservations.expired(expired.runId());
      case SpendingBooked booked -> {
        spending.on(booked);
        reservations.on(booked);
      }
      case BudgetThresholdReached budgetThresholdReached ->
          spending.warned(budgetThresholdReached.payer(), budgetThresholdReached.month());
      case BudgetExhausted budgetExhausted ->
          spending.reached(budgetExhausted.payer(), budgetExhausted.month());
      case StorageClaimed claimed -> storage.on(claimed);
      case StorageMeasured measured -> storage.on(measured);
      case TenantLimitsChanged changed -> {
        limits.on(changed);
        spending.limitsChanged();
      }
      case UserLimitsChanged changed -> {
        limits.on(changed);
        spending.limitChanged(new BudgetOwner.Person(changed.userId()));
      }
      case UserLimitsRemoved removed -> {
        limits.on(removed);
        spending.limitChanged(new BudgetOwner.Person(removed.userId()));
      }
    }
  }
}
