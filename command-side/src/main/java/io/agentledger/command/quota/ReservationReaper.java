package io.agentledger.command.quota;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.quota.QuotaCommand;
import io.agentledger.api.quota.QuotaCommand.ExpireReservation;
import io.agentledger.api.quota.QuotaCommand.ProlongReservation;
import io.agentledger.api.quota.QuotaId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.quota.ReservationTable.Open;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after runs whose reservation was to be over by now. A run that its session still has, in
 * progress or in the queue, keeps its room; one that the session does not have gives it back.
 */
final class ReservationReaper {
  private static final Logger log = LoggerFactory.getLogger(ReservationReaper.class);
  private static final int AT_A_TIME = 100;

  private final ReservationTable reservationTable;
  private final EventStore store;
  private final CommandGateway commands;
  private final ReaperSettings reaperSettings;

  /** What time it is, and how long a run that is alive is left alone. */
  record ReaperSettings(Clock clock, Duration patience) {}

  ReservationReaper(
      ReservationTable reservationTable,
      EventStore store,
      CommandGateway commands,
      ReaperSettings reaperSettings) {
    this.reservationTable = reservationTable;
    this.store = store;
    this.commands = commands;
    this.reaperSettings = reaperSettings;
  }

  /** The same by another clock. */
  ReservationReaper by(Clock other) {
    return new ReservationReaper(
        reservationTable, store, commands, new ReaperSettings(other, reaperSettings.patience()));
  }

  /** Safe on several nodes at once, and twice. */
  void prolongOrExpire() {
    var now = reaperSettings.clock().instant();
    for (var one : reservationTable.due(now, AT_A_TIME)) {
      var quota = QuotaId.of(one.tenant());
      if (isAlive(one))
        send(one, new ProlongReservation(quota, one.run(), now.plus(reaperSettings.patience())));
      else {
        log.atWarn()
            .addKeyValue("sessionId", one.session())
            .addKeyValue("runId", one.run())
            .log("a reservation has no run and is given back");
        send(one, new ExpireReservation(quota, one.run(), now));
      }
    }
  }

  private boolean isAlive(Open one) {
    return store
        .readEvents(one.session().value(), 0)
        .asStream()
        .map(message -> message.getPayload())
        .reduce(false, (alive, event) -> isAliveAfter(alive, event, one.run()), (a, b) -> b);
  }

  private static boolean isAliveAfter(boolean alive, Object event, RunId run) {
    return switch (event) {
      case QueryQueued queued when queued.runId().equals(run) -> true;
      case QueryIssued issued when issued.runId().equals(run) -> true;
      case RunStarted started when started.runId().equals(run) -> true;
      case RunFailed failed when failed.runId().equals(run) -> failed.retrying();
      case RunEvent end when end.runId().equals(run) -> false;
      default -> alive;
    };
  }

  private void send(Open one, QuotaCommand command) {
    var provenance =
        new Provenance(
            one.tenant(),
            Actor.SERVICE,
            new CredentialId(Ids.derived(CredentialId.PREFIX, "agentledger")),
            Ids.random("req"));
    commands.sendAndWait(QuotaContext.from(provenance).message(command));
  }
}
