package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand.ExtendReservation;
import io.agentledger.api.quota.QuotaCommand.Grant;
import io.agentledger.api.quota.QuotaEvent.ReservationExpired;
import io.agentledger.api.quota.QuotaEvent.ReservationMade;
import io.agentledger.api.quota.QuotaEvent.ReservationSettled;
import io.agentledger.api.quota.QuotaSubject;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.SpendingLimiter;
import io.agentledger.store.support.BoundedMap;
import java.time.Clock;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.EventMessage;

/**
 * Limiter of a run's spending to its reservation, which the quota extends on request. If this node
 * made the reservation, the first exchange of the run uses it without a request.
 */
final class ReservationSpendingLimiter implements SpendingLimiter {
  private static final int RESERVATIONS_MAX = 10_000;

  private final CommandGateway commands;
  private final QuotaSettings settings;
  private final Clock clock;

  /** Reservations of this node that are not used yet. A lost one is requested from the quota. */
  private final Map<RunId, ReservationMade> unused =
      Collections.synchronizedMap(BoundedMap.accessOrdered(RESERVATIONS_MAX));

  ReservationSpendingLimiter(CommandGateway commands, QuotaSettings settings, Clock clock) {
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  /** Keeps a reservation until its first use; must be called for each event of this node. */
  void onEvent(EventMessage<?> message) {
    switch (message.getPayload()) {
      case ReservationMade made -> unused.put(made.runId(), made);
      case ReservationSettled settled -> unused.remove(settled.runId());
      case ReservationExpired expired -> unused.remove(expired.runId());
      default -> {}
    }
  }

  @Override
  public Allowance allowedSpending(
      SessionId session, BillingContext billingContext, SpendingRequest spendingRequest) {
    var made = unused.remove(billingContext.run());
    return made != null
            && made.expiresAt().isAfter(clock.instant())
            && spendingRequest.spent().equals(Money.ZERO)
            && spendingRequest.total().compareTo(made.reserved()) <= 0
        ? new Allowance(made.reserved(), Optional.empty())
        : extendReservation(session, billingContext, spendingRequest);
  }

  private Allowance extendReservation(
      SessionId session, BillingContext billingContext, SpendingRequest spendingRequest) {
    var quotaContext = QuotaContext.from(billingContext.provenance());
    var now = clock.instant();
    Grant grant =
        commands.sendAndWait(
            quotaContext.toCommandMessage(
                new ExtendReservation(
                    quotaContext.quota(),
                    new QuotaSubject(session, quotaContext.user().orElse(billingContext.owner())),
                    billingContext.run(),
                    spendingRequest.spent(),
                    spendingRequest.total(),
                    settings.chunk(),
                    now,
                    now.plus(settings.reservationTimeout()))));
    return new Allowance(grant.spendingLimit(), Optional.ofNullable(grant.shortfall()));
  }
}
