package io.agentledger.query.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.quota.QuotaEvent.ReservationExtended;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaEvent.SpendingBooked;
import io.agentledger.api.quota.QuotaEvent.StorageClaimed;
import io.agentledger.api.quota.QuotaEvent.StorageMeasured;
import io.agentledger.api.quota.QuotaEvent.TenantLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsChanged;
import io.agentledger.api.quota.QuotaEvent.UserLimitsRemoved;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.quota.QuotaQuery.FindMyQuota;
import io.agentledger.api.quota.QuotaQuery.FindTenantQuota;
import io.agentledger.api.quota.QuotaQuery.FindUsage;
import io.agentledger.api.quota.QuotaQuery.FindUserQuota;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.quota.TenantQuotaView;
import io.agentledger.api.quota.UsageView;
import io.agentledger.api.quota.UsageView.Used;
import io.agentledger.api.quota.UserQuotaView;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.query.QueryTestSupport;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Tests share one tenant, so users belong to single tests; the tenant's own limits change from test
 * to test.
 */
class QuotaQueryHandlerIT extends QueryTestSupport {
  private static final QuotaId ID = QuotaId.of(TENANT);
  private static final String MONTH = YearMonth.now(ZoneOffset.UTC).toString();
  private static final Instant UNTIL = Instant.parse("2027-01-01T00:00:00Z");
  private static long number;

  private final UserId ada = UserId.next();

  private void append(QuotaEvent... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>("Quota", ID.value(), number++, event)
                  .withMetaData(provenance())));
  }

  private UserQuotaView quotaOf(UserId user, long version) {
    return query(new FindUserQuota(TENANT, user, version), UserQuotaView.class);
  }

  private static Caller callerOf(UserId user, Role role) {
    return Caller.ofUser(TENANT, user, ADA.credential(), role);
  }

  /** Waits until the projection runs; readers do not wait for one that has not started. */
  @BeforeEach
  void awaitProjection() {
    var somebody = UserId.next();
    append(new UserLimitsChanged(ID, somebody, limits(1), 1));
    await().atMost(Duration.ofSeconds(60)).until(() -> quotaOf(somebody, 0).isCustom());
  }

  @Test
  void usersWithoutOwnLimitsHaveTheTenantsAndTheOwnerOthers() {
    assertThat(quotaOf(ada, 0).isCustom()).isFalse();
    assertThat(quotaOf(OWNER, 0).limits()).isEqualTo(limits(9));
    var mine = query(new FindMyQuota(TENANT), callerOf(ada, Role.VIEWER), UserQuotaView.class);
    assertThat(mine.userId()).isEqualTo(ada);
  }

  @Test
  void readerWithTheVersionSeesTheChange() {
    append(new UserLimitsChanged(ID, ada, limits(2), 1));
    assertThat(quotaOf(ada, 1)).isEqualTo(new UserQuotaView(ada, limits(2), true, 1));
    append(new UserLimitsRemoved(ID, ada, 2));
    assertThat(quotaOf(ada, 2).isCustom()).isFalse();
    var before = query(new FindTenantQuota(TENANT, 0), TenantQuotaView.class).version();
    var limits = new TenantLimits(MonthlyBudget.UNLIMITED, 100, limits(3));
    append(new TenantLimitsChanged(ID, limits, before + 1));
    assertThat(query(new FindTenantQuota(TENANT, before + 1), TenantQuotaView.class))
        .isEqualTo(new TenantQuotaView(limits, true, before + 1));
    assertThat(quotaOf(UserId.next(), 0).limits()).isEqualTo(limits(3));
  }

  @Test
  void usageIsOpenReservationsStorageAndThisMonthsSpending() {
    var session = SessionId.next();
    var run = RunId.next();
    var other = RunId.next();
    append(
        new ReservationMade(
            ID, session, run, ada, ReservationType.RUN, Money.ZERO, Money.ofUsd("0.25"), UNTIL),
        new ReservationMade(
            ID, session, other, ada, ReservationType.RUN, Money.ZERO, Money.ZERO, UNTIL),
        new ReservationExtended(ID, run, Money.ofUsd("0.25")),
        new SpendingBooked(ID, session, run, ada, Money.ofUsd("0.10"), MONTH),
        new SpendingBooked(ID, session, run, ada, Money.ofUsd("7"), "2020-01"),
        new StorageMeasured(ID, ada, "node", 100),
        new StorageClaimed(ID, session, ada, 11));
    awaitUsage(new Used(1, 0, 111, Money.ofUsd("0.10"), Money.ZERO));
    append(
        new ReservationSettled(ID, run, Money.ofUsd("0.10"), true),
        new ReservationSettled(ID, other, Money.ZERO, true),
        new StorageMeasured(ID, ada, "node", 120));
    awaitUsage(new Used(0, 0, 120, Money.ofUsd("0.10"), Money.ZERO));
  }

  private void awaitUsage(Used used) {
    await()
        .untilAsserted(
            () -> {
              var view = query(new FindUsage(TENANT), callerOf(ada, Role.MEMBER), UsageView.class);
              assertThat(view.tenant()).isNull();
              assertThat(view.users()).containsExactly(new UsageView.UserUsage(ada, used));
            });
    var all = query(new FindUsage(TENANT), callerOf(UserId.next(), Role.AUDITOR), UsageView.class);
    assertThat(all.users()).contains(new UsageView.UserUsage(ada, used));
    assertThat(all.tenant()).isNotNull();
  }

  @Test
  void membersDoNotSeeLimitsOfOthers() {
    assertThatThrownBy(
            () ->
                query(
                    new FindUserQuota(TENANT, UserId.next(), 0),
                    callerOf(ada, Role.MEMBER),
                    UserQuotaView.class))
        .isInstanceOf(RejectionException.class);
  }
}
