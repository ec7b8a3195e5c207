package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand.ExtendReservation;
import io.agentledger.api.quota.QuotaCommand.Grant;
import io.agentledger.api.quota.QuotaSubject;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.SpendingLimiter;
import java.time.Clock;
import java.util.Optional;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** Limits the spending of a run to its reservation, which the quota extends on request. */
final class ReservationSpendingLimiter implements SpendingLimiter {
  private final CommandGateway commands;
  private final QuotaSettings settings;
  private final Clock clock;

  ReservationSpendingLimiter(CommandGateway commands, QuotaSettings settings, Clock clock) {
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Allowance allowedSpending(
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
