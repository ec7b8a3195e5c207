package io.agentledger.command.quota;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.BudgetOwner;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.MonthlyBudget.AtLimit;
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
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Money;
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
  private static final UserLimits EACH = limits(5, NO_BUDGET);
  private static final DefaultLimits STANDARD =
      new DefaultLimits(new TenantLimits(NO_BUDGET, EACH), OWNER, limits(7, NO_BUDGET));
  private static final Map<String, Object> ADMIN =
      Caller.ofUser(TENANT, BOB, CredentialId.next(), Role.ADMIN).asMetadata("req_1");
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private final FixtureConfiguration<Quota> quota =
      new AggregateTestFixture<>(Quota.class).registerInjectableResource(STANDARD);

  private static UserLimits limits(int sessions, MonthlyBudget budget) {
    return new UserLimits(sessions, 2, 100, 10, 60, 1000, budget);
  }

  private static MonthlyBudget budget(String usd, AtLimit atLimit) {
    return new MonthlyBudget.Limited(Money.ofUsd(usd), atLimit);
  }

  private static TenantLimitsChanged ofTenant(MonthlyBudget budget, UserLimits userLimits) {
    return new TenantLimitsChanged(ID, new TenantLimits(budget, userLimits), 1);
  }

  private static SessionId session(int n) {
    return new SessionId(Ids.derived(SessionId.PREFIX, "" + n));
  }

  private static RunId run(int n) {
    return new RunId(Ids.derived(RunId.PREFIX, "" + n));
  }

  private static ReserveRuns reserve(UserId user, int session, int... runs) {
    return reserve(user, Kind.RUN, session, runs);
  }

  private static ReserveRuns reserve(UserId user, Kind kind, int session, int... runs) {
    var ids = IntStream.of(runs).mapToObj(QuotaTest::run).toList();
    return new ReserveRuns(
        ID, new QuotaSubject(session(session), user), kind, ids, CHUNK, NOW, UNTIL);
  }

  private static ReservationMade made(UserId user, int session, int run) {
    return made(user, session, run, "0.25");
  }

  private static ReservationMade made(UserId user, int session, int run, String usd) {
    return new ReservationMade(
        ID, session(session), run(run), user, Kind.RUN, Money.ZERO, Money.ofUsd(usd), UNTIL);
  }

  private static SpendingBooked booked(UserId user, int run, String usd, String month) {
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
    return IntStream.rangeClosed(1, count).mapToObj(n -> made(user, n, n)).toArray();
  }

  private static void isRefused(ResultValidator<Quota> result, Rejection no) {
    result.expectException(RejectionException.class).expectExceptionDetails(no).expectNoEvents();
  }

  @Test
  void aRunHoldsAChunkOfTheBudgetsBeforeItIsAccepted() {
    quota.givenNoPriorActivity().when(reserve(ADA, 1, 1)).expectEvents(made(ADA, 1, 1));
  }

  @Test
  void theSixthSessionWithARunIsRefused() {
    isRefused(
        quota.given(sessions(ADA, 5)).when(reserve(ADA, 6, 6)),
        new LimitReached("sessions", 5, RETRY_AFTER));
  }

  @Test
  void anotherQueryInASessionThatRunsCountsNoSecondTime() {
    quota
        .given(sessions(ADA, 5))
        .when(reserve(ADA, 5, 6, 7))
        .expectEvents(made(ADA, 5, 6), made(ADA, 5, 7));
  }

  @Test
  void othersHaveALimitOfTheirOwn() {
    quota.given(sessions(ADA, 5)).when(reserve(BOB, 6, 6)).expectEvents(made(BOB, 6, 6));
  }

  @Test
  void theOwnerOfTheInstallationHasOtherStandardLimits() {
    quota.given(sessions(OWNER, 6)).when(reserve(OWNER, 7, 7)).expectEvents(made(OWNER, 7, 7));
    isRefused(
        quota.given(sessions(OWNER, 7)).when(reserve(OWNER, 8, 8)),
        new LimitReached("sessions", 7, RETRY_AFTER));
  }

  @Test
  void whatEndedExpiredOrPausedMakesRoom() {
    quota
        .given(sessions(ADA, 5))
        .andGiven(new ReservationSettled(ID, run(3), Money.ZERO, true))
        .when(reserve(ADA, 6, 6))
        .expectEvents(made(ADA, 6, 6));
    quota
        .given(sessions(ADA, 5))
        .andGiven(new ReservationExpired(ID, run(3)))
        .when(reserve(ADA, 6, 6))
        .expectEvents(made(ADA, 6, 6));
  }

  @Test
  void askedAgainForTheSameRunItIsSilent() {
    quota.given(sessions(ADA, 5)).when(reserve(ADA, 5, 5)).expectNoEvents();
  }

  @Test
  void tasksAreCountedOneByOne() {
    var first =
        new ReservationMade(ID, session(1), run(1), ADA, Kind.TASK, Money.ZERO, CHUNK, UNTIL);
    isRefused(
        quota.given(first).when(reserve(ADA, Kind.TASK, 1, 2, 3)),
        new LimitReached("tasks", 2, RETRY_AFTER));
    quota
        .given(first)
        .when(reserve(ADA, Kind.TASK, 1, 2))
        .expectEvents(
            new ReservationMade(ID, session(1), run(2), ADA, Kind.TASK, Money.ZERO, CHUNK, UNTIL));
  }

  @Test
  void somebodysOwnLimitsCountBeforeTheTenants() {
    isRefused(
        quota
            .given(
                ofTenant(NO_BUDGET, limits(9, NO_BUDGET)),
                new UserLimitsChanged(ID, ADA, limits(1, NO_BUDGET), 1),
                made(ADA, 1, 1))
            .when(reserve(ADA, 2, 2)),
        new LimitReached("sessions", 1, RETRY_AFTER));
  }

  @Test
  void whatIsHeldByOthersCannotBeReservedTwice() {
    quota
        .given(ofTenant(budget("0.40", AtLimit.STOP), EACH), made(BOB, 1, 1))
        .when(reserve(ADA, 2, 2))
        .expectEvents(made(ADA, 2, 2, "0.15"));
    isRefused(
        quota
            .given(
                ofTenant(budget("0.40", AtLimit.STOP), EACH),
                made(BOB, 1, 1),
                made(ADA, 2, 2, "0.15"))
            .when(reserve(ADA, 3, 3)),
        new io.agentledger.api.shared.QuotaRejection.BudgetExhausted(
            "tenant", Money.ofUsd("0.40"), NEXT_MONTH));
  }

  @Test
  void whatARunSpendsIsTakenFromWhatItHolds() {
    quota
        .given(
            ofTenant(budget("0.40", AtLimit.STOP), EACH),
            made(BOB, 1, 1),
            booked(BOB, 1, "0.20", MONTH))
        .when(reserve(ADA, 2, 2))
        .expectEvents(made(ADA, 2, 2, "0.15")); // 0.20 spent, 0.05 still held.
  }

  @Test
  void aNewMonthHasNewBudgets() {
    quota
        .given(ofTenant(budget("0.40", AtLimit.STOP), EACH), booked(BOB, 1, "0.40", "2026-10"))
        .when(reserve(ADA, 2, 2))
        .expectEvents(made(ADA, 2, 2));
  }

  @Test
  void aBudgetThatIsIgnoredStopsNobody() {
    quota
        .given(ofTenant(budget("0.10", AtLimit.IGNORE), EACH), booked(BOB, 1, "0.40", MONTH))
        .when(reserve(ADA, 2, 2))
        .expectEvents(made(ADA, 2, 2));
  }

  @Test
  void aRunThatNeedsMoreGetsItAndAChunkBeyond() {
    quota
        .given(made(ADA, 1, 1))
        .when(extend(1, "0.25", "0.30"))
        .expectEvents(new ReservationExtended(ID, run(1), Money.ofUsd("0.30")))
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.55")));
  }

  @Test
  void whoAsksForWhatItHoldsIsToldHowMuchThatIs() {
    quota
        .given(made(ADA, 1, 1))
        .when(extend(1, "0", "0.10"))
        .expectNoEvents()
        .expectResultMessagePayload(new Grant(CHUNK));
  }

  @Test
  void withoutMoneyLeftTheGrantIsLessThanWasNeededAndTheRecordSaysSoOnce() {
    var budget = budget("0.25", AtLimit.STOP);
    var budgetExhausted =
        new BudgetExhausted(
            ID,
            new BudgetOwner.Tenant(),
            MONTH,
            Money.ofUsd("0.25"),
            Money.ofUsd("0.20"),
            AtLimit.STOP);
    Object[] before = {ofTenant(budget, EACH), made(ADA, 1, 1), booked(ADA, 1, "0.20", MONTH)};
    quota
        .given(before)
        .when(extend(1, "0.20", "0.30"))
        .expectEvents(budgetExhausted)
        .expectResultMessagePayload(new Grant(CHUNK));
    quota
        .given(before)
        .andGiven(budgetExhausted)
        .when(extend(1, "0.20", "0.30"))
        .expectNoEvents()
        .expectResultMessagePayload(new Grant(CHUNK));
  }

  @Test
  void aRunThatNobodyReservedForHoldsFromItsFirstQuestionOn() {
    quota
        .given(booked(ADA, 1, "0.20", MONTH))
        .when(extend(1, "0.20", "0.22"))
        .expectEvents(
            new ReservationMade(
                ID,
                session(1),
                run(1),
                ADA,
                Kind.RUN,
                Money.ofUsd("0.20"),
                Money.ofUsd("0.20"),
                UNTIL),
            new ReservationExtended(ID, run(1), Money.ofUsd("0.27")))
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.47")));
  }

  @Test
  void whatAProcessAsksForAfterItsRunsEndHoldsNothing() {
    quota
        .given(made(ADA, 1, 1), new ReservationSettled(ID, run(1), Money.ofUsd("0.10"), true))
        .when(extend(1, "0.10", "0.15"))
        .expectNoEvents()
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.15")));
  }

  @Test
  void aPausedRunHoldsAgainWhenItGoesOn() {
    quota
        .given(
            made(ADA, 1, 1),
            booked(ADA, 1, "0.20", MONTH),
            new ReservationSettled(ID, run(1), Money.ofUsd("0.20"), false))
        .when(extend(1, "0.20", "0.22"))
        .expectResultMessagePayload(new Grant(Money.ofUsd("0.47")));
  }

  @Test
  void itWarnsAtFourFifthsAndSaysWhenABudgetIsSpentOnceEach() {
    var limit = Money.ofUsd("1");
    var budgetThresholdReached =
        new BudgetThresholdReached(ID, new BudgetOwner.Tenant(), MONTH, limit, Money.ofUsd("0.80"));
    quota
        .given(ofTenant(budget("1", AtLimit.STOP), EACH), booked(ADA, 1, "0.70", MONTH))
        .when(book(BOB, 2, "0.10", NOW))
        .expectEvents(booked(BOB, 2, "0.10", MONTH), budgetThresholdReached);
    quota
        .given(
            ofTenant(budget("1", AtLimit.STOP), EACH),
            booked(ADA, 1, "0.80", MONTH),
            budgetThresholdReached)
        .when(book(BOB, 2, "0.20", NOW))
        .expectEvents(
            booked(BOB, 2, "0.20", MONTH),
            new BudgetExhausted(ID, new BudgetOwner.Tenant(), MONTH, limit, limit, AtLimit.STOP));
  }

  @Test
  void aPersonsBudgetIsTheirsAlone() {
    quota
        .given(new UserLimitsChanged(ID, ADA, limits(5, budget("1", AtLimit.IGNORE)), 1))
        .when(book(ADA, 1, "1", NOW))
        .expectEvents(
            booked(ADA, 1, "1", MONTH),
            new BudgetThresholdReached(
                ID, new BudgetOwner.Person(ADA), MONTH, Money.ofUsd("1"), Money.ofUsd("1")),
            new BudgetExhausted(
                ID,
                new BudgetOwner.Person(ADA),
                MONTH,
                Money.ofUsd("1"),
                Money.ofUsd("1"),
                AtLimit.IGNORE));
    quota
        .given(new UserLimitsChanged(ID, ADA, limits(5, budget("1", AtLimit.STOP)), 1))
        .when(book(BOB, 1, "1", NOW))
        .expectEvents(booked(BOB, 1, "1", MONTH));
  }

  @Test
  void anotherLimitIsWarnedOfAnew() {
    var budgetThresholdReached =
        new BudgetThresholdReached(
            ID, new BudgetOwner.Tenant(), MONTH, Money.ofUsd("1"), Money.ofUsd("0.80"));
    var raised = new TenantLimitsChanged(ID, new TenantLimits(budget("2", AtLimit.STOP), EACH), 2);
    quota
        .given(
            ofTenant(budget("1", AtLimit.STOP), EACH),
            booked(ADA, 1, "0.80", MONTH),
            budgetThresholdReached,
            raised)
        .when(book(ADA, 1, "0.80", NOW))
        .expectEvents(
            booked(ADA, 1, "0.80", MONTH),
            new BudgetThresholdReached(
                ID, new BudgetOwner.Tenant(), MONTH, Money.ofUsd("2"), Money.ofUsd("1.60")));
  }

  @Test
  void whoeverHoldsTheReservationPays() {
    quota
        .given(made(ADA, 1, 1))
        .when(book(BOB, 1, "0.10", NOW))
        .expectEvents(booked(ADA, 1, "0.10", MONTH));
  }

  @Test
  void whatIsLearntOfAPastMonthChangesNothingOfThisOne() {
    quota
        .given(
            ofTenant(budget("0.40", AtLimit.STOP), EACH),
            booked(ADA, 1, "0.10", MONTH),
            booked(ADA, 1, "0.40", "2026-10"))
        .when(reserve(ADA, 2, 2))
        .expectEvents(made(ADA, 2, 2));
  }

  @Test
  void aReservationIsSettledExpiredAndProlongedOnlyWhileItIsOpen() {
    quota
        .given(made(ADA, 1, 1), booked(ADA, 1, "0.10", MONTH))
        .when(new SettleReservation(ID, run(1), true))
        .expectEvents(new ReservationSettled(ID, run(1), Money.ofUsd("0.10"), true));
    quota
        .given(made(ADA, 1, 1))
        .when(new ProlongReservation(ID, run(1), UNTIL))
        .expectEvents(new ReservationProlonged(ID, run(1), UNTIL));
    for (var late :
        List.of(
            new SettleReservation(ID, run(1), true),
            new ExpireReservation(ID, run(1), NOW),
            new ProlongReservation(ID, run(1), UNTIL)))
      quota.given(made(ADA, 1, 1), new ReservationExpired(ID, run(1))).when(late).expectNoEvents();
  }

  @Test
  void aWorkspaceThatDoesNotFitIsRefused() {
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
  void aMeasurementTakesThePlaceOfWhatWasClaimed() {
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
  void limitsAreChangedByWhoHasSeenThem() {
    var limits = new TenantLimits(budget("5", AtLimit.STOP), EACH);
    quota
        .givenNoPriorActivity()
        .when(new ChangeTenantLimits(ID, limits, 0, null), ADMIN)
        .expectEvents(new TenantLimitsChanged(ID, limits, 1));
    isRefused(
        quota
            .given(ofTenant(NO_BUDGET, EACH))
            .when(new ChangeTenantLimits(ID, limits, 0, null), ADMIN),
        new VersionConflict("quota", 1));
    isRefused(
        quota
            .given(new UserLimitsChanged(ID, ADA, EACH, 3))
            .when(new ChangeUserLimits(ID, ADA, limits(1, NO_BUDGET), 2, null), ADMIN),
        new VersionConflict("user_quota", 3));
    quota
        .given(new UserLimitsChanged(ID, ADA, EACH, 3))
        .when(new RemoveUserLimits(ID, ADA, 3, null), ADMIN)
        .expectEvents(new UserLimitsRemoved(ID, ADA, 4));
  }

  @Test
  void anotherTenantsQuotaIsNone() {
    var other = QuotaId.of(TenantId.next());
    isRefused(
        quota
            .givenNoPriorActivity()
            .when(new ChangeTenantLimits(other, new TenantLimits(NO_BUDGET, EACH), 0, null), ADMIN),
        new NotFound("quota", other.value()));
  }
}
