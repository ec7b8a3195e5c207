package io.agentledger.command.quota;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.BudgetOwner;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.OnExceeded;
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
import io.agentledger.api.quota.QuotaSubject;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.session.BudgetShortfall;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.QuotaRejection.AboveCeiling;
import io.agentledger.api.shared.QuotaRejection.AboveCeiling.Excess;
import io.agentledger.api.shared.QuotaRejection.LimitReached;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.Rejection.VersionConflict;
import io.agentledger.api.shared.RejectionException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.Test;

class QuotaTest {
  private static final TenantId TENANT = new TenantId("tnt_2222222222");
  private static final QuotaId ID = QuotaId.of(TENANT);
  private static final UserId ADA = new UserId("usr_2222222222");
  private static final UserId BOB = new UserId("usr_3333333333");
  private static final UserId OWNER = new UserId("usr_4444444444");
  private static final Instant NOW = Instant.parse("2026-11-20T09:00:00Z");
  private static final Instant NEXT_MONTH = Instant.parse("2026-12-01T00:00:00Z");
  private static final Instant UNTIL = NOW.plus(Duration.ofHours(1));
  private static final String MONTH = "2026-11";
  private static final Money CHUNK = Money.ofUsd("0.25");
  private static final MonthlyBudget NO_BUDGET = MonthlyBudget.UNLIMITED;
  private static final UserLimits PER_USER = limits(5, NO_BUDGET);
  private static final DefaultLimits STANDARD =
      new DefaultLimits(new TenantLimits(NO_BUDGET, 100, PER_USER), OWNER, limits(7, NO_BUDGET));
  private static final Map<String, Object> ADMIN =
      Caller.ofUser(TENANT, BOB, CredentialId.next(), Role.ADMIN).asMetadata("req_1");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final FixtureConfiguration<Quota> quota =
      new AggregateTestFixture<>(Quota.class).registerInjectableResource(STANDARD);

  private static UserLimits limits(int sessions, MonthlyBudget budget) {
    return new UserLimits(sessions, 2, 100, 10, 60, 1000, budget);
  }

  private static MonthlyBudget budget(String usd, OnExceeded onExceeded) {
    return new MonthlyBudget.Limited(Money.ofUsd(usd), onExceeded);
  }

  private static TenantLimitsChanged ofTenant(MonthlyBudget budget, UserLimits userLimits) {
    return new TenantLimitsChanged(ID, new TenantLimits(budget, 100, userLimits), 1);
  }

  private static SessionId session(int n) {
    return new SessionId(Ids.derived(SessionId.PREFIX, "" + n));
  }

  private static RunId run(int n) {
    return new RunId(Ids.derived(RunId.PREFIX, "" + n));
  }

  private static ReserveRuns reserve(UserId user, int session, int... runs) {
    return reserve(user, ReservationType.RUN, session, runs);
  }

  private static ReserveRuns reserve(
      UserId user, ReservationType reservationType, int session, int... runs) {
    var ids = IntStream.of(runs).mapToObj(QuotaTest::run).toList();
    return new ReserveRuns(
        ID, new QuotaSubject(session(session), user), reservationType, ids, CHUNK, NOW, UNTIL);
  }

  private static ReservationMade reservationMade(UserId user, int session, int run) {
    return reservationMade(user, session, run, "0.25");
  }

  private static ReservationMade reservationMade(UserId user, int session, int run, String usd) {
    return new ReservationMade(
        ID,
        session(session),
        run(run),
        user,
        ReservationType.RUN,
        Money.ZERO,
        Money.ofUsd(usd),
        UNTIL);
  }

  private static SpendingBooked spendingBooked(UserId user, int run, String usd, String month) {
    return new SpendingBooked(ID, session(run), run(run), user, Money.ofUsd(usd), month);
  }

  private static BookSpending book(UserId user, int run, String usd, Instant at) {
    return new BookSpending(ID, session(run), run(run), user, Money.ofUsd(usd), at);
  }

  private static ExtendReservation extend(int run, String spent, String needed) {
    return new ExtendReservation(
        ID,
        new QuotaSubject(session(run), ADA),
        run(run),
        Money.ofUsd(spent),
        Money.ofUsd(needed),
        CHUNK,
        NOW,
        UNTIL);
  }

  private static Object[] sessions(UserId user, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> reservationMade(user, n, n)).toArray();
  }

  private static void isRefused(ResultValidator<Quota> result, Rejection rejection) {
    result
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  @Test
  void runReservesAChunkOfTheBudgetsBeforeItIsAccepted() {
    quota.givenNoPriorActivity().when(reserve(ADA, 1, 1)).expectEvents(reservationMade(ADA, 1, 1));
  }

  @Test
  void rejectsTheSixthSessionWithARun() {
    isRefused(
        quota.given(sessions(ADA, 5)).when(reserve(ADA, 6, 6)),
        new LimitReached("sessions", 5, RETRY_AFTER));
  }

  @Test
  void furtherQueryInARunningSessionIsNotCountedAgain() {
    quota
        .given(sessions(ADA, 5))
        .when(reserve(ADA, 5, 6, 7))
        .expectEvents(reservationMade(ADA, 5, 6), reservationMade(ADA, 5, 7));
  }

  @Test
  void otherUsersHaveTheirOwnLimit() {
    quota.given(sessions(ADA, 5)).when(reserve(BOB, 6, 6)).expectEvents(reservationMade(BOB, 6, 6));
  }

  @Test
  void installationOwnerHasOtherDefaultLimits() {
    quota
        .given(sessions(OWNER, 6))
        .when(reserve(OWNER, 7, 7))
        .expectEvents(reservationMade(OWNER, 7, 7));
    isRefused(
        quota.given(sessions(OWNER, 7)).when(reserve(OWNER, 8, 8)),
        new LimitReached("sessions", 7, RETRY_AFTER));
  }

  @Test
  void endedExpiredAndPausedRunsFreeTheirSlots() {
    quota
        .given(sessions(ADA, 5))
        .andGiven(new ReservationSettled(ID, run(3), Money.ZERO, true))
        .when(reserve(ADA, 6, 6))
        .expectEvents(reservationMade(ADA, 6, 6));
    quota
        .given(sessions(ADA, 5))
        .andGiven(new ReservationExpired(ID, run(3)))
        .when(reserve(ADA, 6, 6))
        .expectEvents(reservationMade(ADA, 6, 6));
  }

  @Test
  void repeatedReservationForOneRunRecordsNothing() {
    quota.given(sessions(ADA, 5)).when(reserve(ADA, 5, 5)).expectNoEvents();
  }

  @Test
  void tasksAreCountedIndividually() {
    var first =
        new ReservationMade(
            ID, session(1), run(1), ADA, ReservationType.TASK, Money.ZERO, CHUNK, UNTIL);
    isRefused(
        quota.given(first).when(reserve(ADA, ReservationType.TASK, 1, 2, 3)),
        new LimitReached("tasks", 2, RETRY_AFTER));
    quota
        .given(first)
        .when(reserve(ADA, ReservationType.TASK, 1, 2))
        .expectEvents(
            new ReservationMade(
                ID, session(1), run(2), ADA, ReservationType.TASK, Money.ZERO, CHUNK, UNTIL));
  }

  @Test
  void usersOwnLimitsOverrideTheTenants() {
    isRefused(
        quota
            .given(
                ofTenant(NO_BUDGET, limits(9, NO_BUDGET)),
                new UserLimitsChanged(ID, ADA, limits(1, NO_BUDGET), 1),
                reservationMade(ADA, 1, 1))
            .when(reserve(ADA, 2, 2)),
        new LimitReached("sessions", 1, RETRY_AFTER));
  }

  @Test
  void amountReservedByOthersCannotBeReservedAgain() {
    quota
        .given(ofTenant(budget("0.40", OnExceeded.STOP), PER_USER), reservationMade(BOB, 1, 1))
        .when(reserve(ADA, 2, 2))
        .expectEvents(reservationMade(ADA, 2, 2, "0.15"));
    isRefused(
        quota
            .given(
                ofTenant(budget("0.40", OnExceeded.STOP), PER_USER),
                reservationMade(BOB, 1, 1),
                reservationMade(ADA, 2, 2, "0.15"))
            .when(reserve(ADA, 3, 3)),
        new io.agentledger.api.shared.QuotaRejection.BudgetExceeded(
            "tenant", Money.ofUsd("0.40"), NEXT_MONTH));
  }

  @Test
  void spendingIsTakenFromTheRunsReservation() {
    quota
        .given(
            ofTenant(budget("0.40", OnExceeded.STOP), PER_USER),
            reservationMade(BOB, 1, 1),
            spendingBooked(BOB, 1, "0.20", MONTH))
        .when(reserve(ADA, 2, 2))
        .expectEvents(reservationMade(ADA, 2, 2, "0.15")); // 0.20 spent, 0.05 still reserved.
  }

  @Test
  void newMonthHasNewBudgets() {
    quota
        .given(
            ofTenant(budget("0.40", OnExceeded.STOP), PER_USER),
            spendingBooked(BOB, 1, "0.40", "2026-10"))
        .when(reserve(ADA, 2, 2))
        .expectEvents(reservationMade(ADA, 2, 2));
  }

  @Test
  void ignoredBudgetRejectsNothing() {
    quota
        .given(
            ofTenant(budget("0.10", OnExceeded.IGNORE), PER_USER),
            spendingBooked(BOB, 1, "0.40", MONTH))
        .when(reserve(ADA, 2, 2))
        .expectEvents(reservationMade(ADA, 2, 2));
  }

  @Test
  void runThatNeedsMoreGetsItAndAnotherChunk() {
    quota
        .given(reservationMade(ADA, 1, 1))
        .when(extend(1, "0.25", "0.30"))
        .expectEvents(new ReservationExtended(ID, run(1), Money.ofUsd("0.30")))
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.55")));
  }

  @Test
  void requestWithinTheReservationReturnsItsAmount() {
    quota
        .given(reservationMade(ADA, 1, 1))
        .when(extend(1, "0", "0.10"))
        .expectNoEvents()
        .expectResultMessagePayload(new Grant(CHUNK));
  }

  @Test
  void exhaustedBudgetGrantsLessAndRecordsItOnce() {
    var budget = budget("0.25", OnExceeded.STOP);
    var budgetExhausted =
        new BudgetExhausted(
            ID,
            new BudgetOwner.Tenant(),
            MONTH,
            Money.ofUsd("0.25"),
            Money.ofUsd("0.20"),
            OnExceeded.STOP);
    Object[] before = {
      ofTenant(budget, PER_USER), reservationMade(ADA, 1, 1), spendingBooked(ADA, 1, "0.20", MONTH)
    };
    var lessThanNeeded =
        new Grant(
            CHUNK,
            new BudgetShortfall(
                BudgetShortfall.Owner.TENANT, Money.ofUsd("0.25"), Money.ofUsd("0.30")));
    quota
        .given(before)
        .when(extend(1, "0.20", "0.30"))
        .expectEvents(budgetExhausted)
        .expectResultMessagePayload(lessThanNeeded);
    quota
        .given(before)
        .andGiven(budgetExhausted)
        .when(extend(1, "0.20", "0.30"))
        .expectNoEvents()
        .expectResultMessagePayload(lessThanNeeded);
  }

  @Test
  void runWithoutAReservationReservesAtItsFirstRequest() {
    quota
        .given(spendingBooked(ADA, 1, "0.20", MONTH))
        .when(extend(1, "0.20", "0.22"))
        .expectEvents(
            new ReservationMade(
                ID,
                session(1),
                run(1),
                ADA,
                ReservationType.RUN,
                Money.ofUsd("0.20"),
                Money.ofUsd("0.20"),
                UNTIL),
            new ReservationExtended(ID, run(1), Money.ofUsd("0.27")))
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.47")));
  }

  @Test
  void requestAfterTheRunsEndReservesNothing() {
    quota
        .given(
            reservationMade(ADA, 1, 1),
            new ReservationSettled(ID, run(1), Money.ofUsd("0.10"), true))
        .when(extend(1, "0.10", "0.15"))
        .expectNoEvents()
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.15")));
  }

  @Test
  void resumedRunReservesAgain() {
    quota
        .given(
            reservationMade(ADA, 1, 1),
            spendingBooked(ADA, 1, "0.20", MONTH),
            new ReservationSettled(ID, run(1), Money.ofUsd("0.20"), false))
        .when(extend(1, "0.20", "0.22"))
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.47")));
  }

  @Test
  void warnsOnceAtEightyPercentAndOnceWhenABudgetIsSpent() {
    var limit = Money.ofUsd("1");
    var budgetThresholdReached =
        new BudgetThresholdReached(ID, new BudgetOwner.Tenant(), MONTH, limit, Money.ofUsd("0.80"));
    quota
        .given(
            ofTenant(budget("1", OnExceeded.STOP), PER_USER), spendingBooked(ADA, 1, "0.70", MONTH))
        .when(book(BOB, 2, "0.10", NOW))
        .expectEvents(spendingBooked(BOB, 2, "0.10", MONTH), budgetThresholdReached);
    quota
        .given(
            ofTenant(budget("1", OnExceeded.STOP), PER_USER),
            spendingBooked(ADA, 1, "0.80", MONTH),
            budgetThresholdReached)
        .when(book(BOB, 2, "0.20", NOW))
        .expectEvents(
            spendingBooked(BOB, 2, "0.20", MONTH),
            new BudgetExhausted(
                ID, new BudgetOwner.Tenant(), MONTH, limit, limit, OnExceeded.STOP));
  }

  @Test
  void userBudgetAppliesToThatUserOnly() {
    quota
        .given(new UserLimitsChanged(ID, ADA, limits(5, budget("1", OnExceeded.IGNORE)), 1))
        .when(book(ADA, 1, "1", NOW))
        .expectEvents(
            spendingBooked(ADA, 1, "1", MONTH),
            new BudgetThresholdReached(
                ID, new BudgetOwner.User(ADA), MONTH, Money.ofUsd("1"), Money.ofUsd("1")),
            new BudgetExhausted(
                ID,
                new BudgetOwner.User(ADA),
                MONTH,
                Money.ofUsd("1"),
                Money.ofUsd("1"),
                OnExceeded.IGNORE));
    quota
        .given(new UserLimitsChanged(ID, ADA, limits(5, budget("1", OnExceeded.STOP)), 1))
        .when(book(BOB, 1, "1", NOW))
        .expectEvents(spendingBooked(BOB, 1, "1", MONTH));
  }

  @Test
  void changedLimitWarnsAgain() {
    var budgetThresholdReached =
        new BudgetThresholdReached(
            ID, new BudgetOwner.Tenant(), MONTH, Money.ofUsd("1"), Money.ofUsd("0.80"));
    var raised =
        new TenantLimitsChanged(
            ID, new TenantLimits(budget("2", OnExceeded.STOP), 100, PER_USER), 2);
    quota
        .given(
            ofTenant(budget("1", OnExceeded.STOP), PER_USER),
            spendingBooked(ADA, 1, "0.80", MONTH),
            budgetThresholdReached,
            raised)
        .when(book(ADA, 1, "0.80", NOW))
        .expectEvents(
            spendingBooked(ADA, 1, "0.80", MONTH),
            new BudgetThresholdReached(
                ID, new BudgetOwner.Tenant(), MONTH, Money.ofUsd("2"), Money.ofUsd("1.60")));
  }

  @Test
  void spendingIsBilledToTheReservationsOwner() {
    quota
        .given(reservationMade(ADA, 1, 1))
        .when(book(BOB, 1, "0.10", NOW))
        .expectEvents(spendingBooked(ADA, 1, "0.10", MONTH));
  }

  @Test
  void lateUsageOfAPastMonthDoesNotChangeThisMonth() {
    quota
        .given(
            ofTenant(budget("0.40", OnExceeded.STOP), PER_USER),
            spendingBooked(ADA, 1, "0.10", MONTH),
            spendingBooked(ADA, 1, "0.40", "2026-10"))
        .when(reserve(ADA, 2, 2))
        .expectEvents(reservationMade(ADA, 2, 2));
  }

  @Test
  void onlyAnOpenReservationIsReleasedExpiredOrExtended() {
    quota
        .given(reservationMade(ADA, 1, 1), spendingBooked(ADA, 1, "0.10", MONTH))
        .when(new SettleReservation(ID, run(1), true))
        .expectEvents(new ReservationSettled(ID, run(1), Money.ofUsd("0.10"), true));
    quota
        .given(reservationMade(ADA, 1, 1))
        .when(new ProlongReservation(ID, run(1), UNTIL))
        .expectEvents(new ReservationProlonged(ID, run(1), UNTIL));
    for (var late :
        List.of(
            new SettleReservation(ID, run(1), true),
            new ExpireReservation(ID, run(1), NOW),
            new ProlongReservation(ID, run(1), UNTIL)))
      quota
          .given(reservationMade(ADA, 1, 1), new ReservationExpired(ID, run(1)))
          .when(late)
          .expectNoEvents();
  }

  @Test
  void rejectsAWorkspaceOverTheLimit() {
    long mib = 1024 * 1024;
    var quotaSubject = new QuotaSubject(session(1), ADA);
    quota
        .givenNoPriorActivity()
        .when(new ClaimStorage(ID, quotaSubject, 10 * mib))
        .expectEvents(new StorageClaimed(ID, session(1), ADA, 10 * mib));
    isRefused(
        quota.givenNoPriorActivity().when(new ClaimStorage(ID, quotaSubject, 10 * mib + 1)),
        new StorageFull("workspace_mib", 10));
    isRefused(
        quota
            .given(
                new StorageMeasured(ID, ADA, "a", 60 * mib),
                new StorageMeasured(ID, ADA, "b", 30 * mib),
                new StorageClaimed(ID, session(2), ADA, 5 * mib))
            .when(new ClaimStorage(ID, quotaSubject, 6 * mib)),
        new StorageFull("storage_mib", 100));
  }

  @Test
  void measurementReplacesTheClaimedSize() {
    quota
        .given(new StorageClaimed(ID, session(1), ADA, 5))
        .when(new MeasureStorage(ID, ADA, "a", 3))
        .expectEvents(new StorageMeasured(ID, ADA, "a", 3));
    quota
        .given(new StorageMeasured(ID, ADA, "a", 3))
        .when(new MeasureStorage(ID, ADA, "a", 3))
        .expectNoEvents()
        .expectResultMessagePayload(new StorageAllowance(10, 100, 3));
  }

  @Test
  void limitsAreChangedOnlyBasedOnTheCurrentVersion() {
    var limits = new TenantLimits(budget("5", OnExceeded.STOP), 100, PER_USER);
    quota
        .givenNoPriorActivity()
        .when(new ChangeTenantLimits(ID, limits, 0, null), ADMIN)
        .expectEvents(new TenantLimitsChanged(ID, limits, 1));
    isRefused(
        quota
            .given(ofTenant(NO_BUDGET, PER_USER))
            .when(new ChangeTenantLimits(ID, limits, 0, null), ADMIN),
        new VersionConflict("quota", 1));
    isRefused(
        quota
            .given(new UserLimitsChanged(ID, ADA, PER_USER, 3))
            .when(new ChangeUserLimits(ID, ADA, limits(1, NO_BUDGET), 2, null), ADMIN),
        new VersionConflict("user_quota", 3));
    quota
        .given(new UserLimitsChanged(ID, ADA, PER_USER, 3))
        .when(new RemoveUserLimits(ID, ADA, 3, null), ADMIN)
        .expectEvents(new UserLimitsRemoved(ID, ADA, 4));
  }

  private static final TenantLimits CEILING =
      new TenantLimits(budget("10", OnExceeded.STOP), 100, limits(5, budget("5", OnExceeded.STOP)));
  private static final DefaultLimits BOUNDED =
      new DefaultLimits(
          new TenantLimits(NO_BUDGET, 100, PER_USER), OWNER, limits(7, NO_BUDGET), CEILING);

  private FixtureConfiguration<Quota> boundedQuota() {
    return new AggregateTestFixture<>(Quota.class).registerInjectableResource(BOUNDED);
  }

  @Test
  void adminSetsNothingAboveTheOperatorsCeiling() {
    var permitted = limits(5, budget("5", OnExceeded.STOP));
    Map.of(
            NO_BUDGET,
            new Excess("/budget_usd", "unlimited", "10"),
            budget("11", OnExceeded.STOP),
            new Excess("/budget_usd", "11", "10"),
            budget("1", OnExceeded.IGNORE),
            new Excess("/on_exceeded", "ignore", "stop"))
        .forEach(
            (budget, excess) ->
                isRefused(
                    boundedQuota()
                        .givenNoPriorActivity()
                        .when(
                            new ChangeTenantLimits(
                                ID, new TenantLimits(budget, 100, permitted), 0, null),
                            ADMIN),
                    new AboveCeiling(List.of(excess))));
    isRefused(
        boundedQuota()
            .givenNoPriorActivity()
            .when(new ChangeUserLimits(ID, ADA, limits(6, NO_BUDGET), 0, null), ADMIN),
        new AboveCeiling(
            List.of(
                new Excess("/sessions", "6", "5"), new Excess("/budget_usd", "unlimited", "5"))));
    boundedQuota()
        .givenNoPriorActivity()
        .when(new ChangeUserLimits(ID, ADA, permitted, 0, null), ADMIN)
        .expectEvents(new UserLimitsChanged(ID, ADA, permitted, 1));
    boundedQuota()
        .givenNoPriorActivity()
        .when(new ChangeUserLimits(ID, OWNER, limits(9, NO_BUDGET), 0, null), ADMIN)
        .expectEvents(new UserLimitsChanged(ID, OWNER, limits(9, NO_BUDGET), 1));
  }

  @Test
  void loweredCeilingCountsWhateverWasSetBefore() {
    var large = new UserLimits(100, 100, 1000, 1000, 1000, 1000, NO_BUDGET);
    boundedQuota()
        .given(new UserLimitsChanged(ID, ADA, large, 1), ofTenant(NO_BUDGET, large))
        .when(new MeasureStorage(ID, ADA, "a", 0))
        .expectResultMessagePayload(new StorageAllowance(10, 100, 0));
    boundedQuota()
        .given(ofTenant(NO_BUDGET, large))
        .when(new MeasureStorage(ID, BOB, "a", 0))
        .expectResultMessagePayload(new StorageAllowance(10, 100, 0));
  }

  @Test
  void quotaOfAnotherTenantIsNotFound() {
    var other = QuotaId.of(TenantId.next());
    isRefused(
        quota
            .givenNoPriorActivity()
            .when(
                new ChangeTenantLimits(other, new TenantLimits(NO_BUDGET, 100, PER_USER), 0, null),
                ADMIN),
        new NotFound("quota", other.value()));
  }
}
