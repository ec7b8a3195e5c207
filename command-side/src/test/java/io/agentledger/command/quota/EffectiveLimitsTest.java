package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.DefaultLimits;
import io.agentledger.api.quota.MonthlyBudget;
import io.agentledger.api.quota.QuotaQuery.FindLimits;
import io.agentledger.api.quota.TenantLimits;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.shared.OpsRejection.ProjectionRebuilding;
import io.agentledger.api.shared.RejectionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.axonframework.queryhandling.DefaultQueryGateway;
import org.axonframework.queryhandling.SimpleQueryBus;
import org.junit.jupiter.api.Test;

class EffectiveLimitsTest {
  private static final TenantId TENANT = TenantId.next();
  private static final UserId ADA = UserId.next();
  private static final UserLimits DEFAULT = limits(5);
  private static final UserLimits OWN = limits(2);

  private final SimpleQueryBus bus = SimpleQueryBus.builder().build();
  private Instant now = Instant.EPOCH;
  private final Clock clock = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private boolean replaying;

  private final EffectiveLimits limits =
      new EffectiveLimits(
          DefaultQueryGateway.builder().queryBus(bus).build(),
          new DefaultLimits(
              new TenantLimits(MonthlyBudget.UNLIMITED, 100, DEFAULT), UserId.next(), limits(9)),
          clock);

  EffectiveLimitsTest() {
    bus.subscribe(
        FindLimits.class.getName(),
        UserLimits.class,
        query -> {
          if (replaying) throw new RejectionException(new ProjectionRebuilding("quota"));
          return OWN;
        });
  }

  private static UserLimits limits(int sessions) {
    return new UserLimits(sessions, 5, 100, 10, 60, 1000, MonthlyBudget.UNLIMITED);
  }

  @Test
  void lastKnownLimitsApplyDuringAReplay() {
    assertThat(limits.limitsOf(TENANT, ADA)).isEqualTo(OWN);
    replaying = true;
    now = now.plus(Duration.ofMinutes(5));
    assertThat(limits.limitsOf(TENANT, ADA)).isEqualTo(OWN);
  }

  @Test
  void defaultLimitsApplyToAUserWhoseLimitsWereNotReadBeforeAReplay() {
    replaying = true;
    assertThat(limits.limitsOf(TENANT, ADA)).isEqualTo(DEFAULT);
    replaying = false;
    now = now.plus(Duration.ofMinutes(5));
    assertThat(limits.limitsOf(TENANT, ADA)).isEqualTo(OWN);
  }
}
