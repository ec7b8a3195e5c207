package io.agentledger.command.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.QuotaCommand.ExtendReservation;
import io.agentledger.api.quota.QuotaCommand.Grant;
import io.agentledger.api.quota.QuotaCommand.ReservationType;
import io.agentledger.api.quota.QuotaEvent;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.session.Budget;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.SpendingLimiter.SpendingRequest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The reservation that this node made is used once, and only as long as it is certainly open. */
class ReservationSpendingLimiterTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Money RESERVED = new Money(250);
  private static final Money GRANTED = new Money(999);
  private static final TenantId TENANT = TenantId.next();
  private static final QuotaId QUOTA = QuotaId.of(TENANT);
  private static final UserId USER = UserId.next();
  private static final SessionId SESSION = SessionId.next();
  private static final RunId RUN = RunId.next();

  private final SimpleCommandBus bus = SimpleCommandBus.builder().build();
  private final ReservationSpendingLimiter limiter =
      new ReservationSpendingLimiter(
          DefaultCommandGateway.builder().commandBus(bus).build(),
          new Binder(new MapConfigurationPropertySource(Map.of()))
              .bindOrCreate("agentledger.quota", QuotaSettings.class),
          Clock.fixed(NOW, ZoneOffset.UTC));

  @BeforeEach
  void grantWhatIsRequested() {
    bus.subscribe(ExtendReservation.class.getName(), message -> new Grant(GRANTED, null));
  }

  @Test
  void firstExchangeUsesTheReservation() {
    made(NOW.plusSeconds(1));
    assertThat(allowed(0, 250)).isEqualTo(RESERVED);
  }

  @Test
  void furtherExchangesAskTheQuota() {
    made(NOW.plusSeconds(1));
    allowed(0, 100);
    assertThat(allowed(100, 200)).isEqualTo(GRANTED);
  }

  @Test
  void moreThanTheReservationIsRequested() {
    made(NOW.plusSeconds(1));
    assertThat(allowed(0, 251)).isEqualTo(GRANTED);
  }

  @Test
  void expiredSettledAndSpentReservationsAreNotUsed() {
    made(NOW);
    assertThat(allowed(0, 1)).as("expired").isEqualTo(GRANTED);
    made(NOW.plusSeconds(1));
    publish(new ReservationSettled(QUOTA, RUN, Money.ZERO, false));
    assertThat(allowed(0, 1)).as("settled").isEqualTo(GRANTED);
    made(NOW.plusSeconds(1));
    assertThat(allowed(1, 2)).as("spent before").isEqualTo(GRANTED);
  }

  private void made(Instant expiresAt) {
    publish(
        new ReservationMade(
            QUOTA, SESSION, RUN, USER, ReservationType.RUN, Money.ZERO, RESERVED, expiresAt));
  }

  private void publish(QuotaEvent event) {
    limiter.onEvent(GenericEventMessage.asEventMessage(event));
  }

  private Money allowed(long spent, long total) {
    var provenance = new Provenance(TENANT, Actor.SERVICE, CredentialId.next(), "req_test");
    var billing =
        new BillingContext(
            RUN,
            provenance,
            USER,
            new Budget.Unlimited(),
            Money.ZERO,
            Money.ZERO,
            Optional.empty());
    return limiter
        .allowedSpending(SESSION, billing, new SpendingRequest(new Money(spent), new Money(total)))
        .total();
  }
}
