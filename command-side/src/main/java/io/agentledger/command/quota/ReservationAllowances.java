package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand.ExtendReservation;
import io.agentledger.api.quota.QuotaCommand.Grant;
import io.agentledger.api.quota.QuotaSubject;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Money;
import io.agentledger.command.model.BillingContext;
import io.agentledger.command.model.SpendingLimiter;
import java.time.Clock;
import org.axonframework.commandhandling.gateway.CommandGateway;

/** What a run may spend is what it has reserved; for more the quota is asked. */
final class ReservationAllowances implements SpendingLimiter {
  private final CommandGateway commands;
  private final QuotaSettings settings;
  private final Clock clock;

  ReservationAllowances(CommandGateway commands, QuotaSettings settings, Clock clock) {
    this.commands = commands;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Money upTo(
      SessionId session, BillingContext billingContext, SpendingRequest spendingRequest) {
    var quotaContext = QuotaContext.from(billingContext.by());
    var now = clock.instant();
    Grant grant =
        commands.sendAndWait(
            quotaContext.message(
                new ExtendReservation(
                    quotaContext.quota(),
                    new QuotaSubject(session, quotaContext.user().orElse(billingContext.owner())),
                    billingContext.run(),
                    spendingRequest.spent(),
                    spendingRequest.needed(),
                    settings.chunk(),
                    now,
                    now.plus(settings.patience()))));
    return grant.upTo();
  }
}
