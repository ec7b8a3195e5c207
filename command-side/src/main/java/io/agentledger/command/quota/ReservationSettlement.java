package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand.BookSpending;
import io.agentledger.api.quota.QuotaCommand.SettleReservation;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunInterrupted;
import io.agentledger.api.session.event.RunEvent.RunPaused;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.shared.Money;
import java.time.Instant;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;

/**
 * Books the spending of runs and releases their reservations. The effects of an event are committed
 * together with the processor's token, so they happen exactly once, even if the node is killed.
 */
@ProcessingGroup(ReservationSettlement.GROUP)
@DisallowReplay // A replay would book the spending again.
class ReservationSettlement {
  static final String GROUP = "reservation-settlement";

  private final CommandGateway commands;
  private final SessionOwnerLookup owners;

  ReservationSettlement(CommandGateway commands, SessionOwnerLookup owners) {
    this.commands = commands;
    this.owners = owners;
  }

  @EventHandler
  void on(TurnFinished event, MetaData metadata, @Timestamp Instant at) {
    var quotaContext = QuotaContext.from(metadata);
    if (event.costUsd().compareTo(Money.ZERO) <= 0) return;
    send(
        quotaContext,
        new BookSpending(
            quotaContext.quota(),
            event.sessionId(),
            event.runId(),
            quotaContext.user().orElseGet(() -> owners.ownerOf(event.sessionId())),
            event.costUsd(),
            at));
  }

  @EventHandler
  void on(RunCompleted event, MetaData metadata) {
    settle(event.runId(), metadata, true);
  }

  @EventHandler
  void on(RunInterrupted event, MetaData metadata) {
    settle(event.runId(), metadata, true);
  }

  @EventHandler
  void on(RunPaused event, MetaData metadata) {
    settle(event.runId(), metadata, false);
  }

  @EventHandler
  void on(RunFailed event, MetaData metadata) {
    if (!event.retrying()) settle(event.runId(), metadata, true);
  }

  private void settle(RunId run, MetaData metadata, boolean ended) {
    var quotaContext = QuotaContext.from(metadata);
    send(quotaContext, new SettleReservation(quotaContext.quota(), run, ended));
  }

  private void send(QuotaContext quotaContext, Object command) {
    commands.sendAndWait(quotaContext.toCommandMessage(command));
  }
}
