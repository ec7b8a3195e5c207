package io.agentledger.command.quota;

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
import io.agentledger.command.quota.ReservationTable.ReservationRef;
import java.time.Clock;
import java.time.Duration;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks runs whose reservation is due. The reservation is prolonged if the run is still queued or
 * in progress in its session, and released otherwise.
 */
final class ReservationReaper {
  private static final Logger log = LoggerFactory.getLogger(ReservationReaper.class);
  private static final int BATCH_SIZE = 100;

  private final ReservationTable reservationTable;
  private final EventStore store;
  private final CommandGateway commands;
  private final ReaperSettings reaperSettings;

  /** Clock and timeout of the reaper. */
  record ReaperSettings(Clock clock, Duration reservationTimeout) {}

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

  /** Returns a copy with another clock. */
  ReservationReaper withClock(Clock other) {
    return new ReservationReaper(
        reservationTable,
        store,
        commands,
        new ReaperSettings(other, reaperSettings.reservationTimeout()));
  }

  /** Prolongs or releases all due reservations. Idempotent, also on several nodes at once. */
  void prolongOrExpire() {
    var now = reaperSettings.clock().instant();
    for (var reservation : reservationTable.findDue(now, BATCH_SIZE)) {
      var quota = QuotaId.of(reservation.tenant());
      if (isAlive(reservation))
        send(
            reservation,
            new ProlongReservation(
                quota, reservation.run(), now.plus(reaperSettings.reservationTimeout())));
      else {
        log.atWarn()
            .addKeyValue("sessionId", reservation.session())
            .addKeyValue("runId", reservation.run())
            .log("releasing a reservation without a run");
        send(reservation, new ExpireReservation(quota, reservation.run(), now));
      }
    }
  }

  private boolean isAlive(ReservationRef reservation) {
    return store
        .readEvents(reservation.session().value(), 0)
        .asStream()
        .map(message -> message.getPayload())
        .reduce(
            false, (alive, event) -> isAliveAfter(alive, event, reservation.run()), (a, b) -> b);
  }

  private static boolean isAliveAfter(boolean alive, Object event, RunId run) {
    return switch (event) {
      case QueryQueued queued when queued.runId().equals(run) -> true;
      case QueryIssued issued when issued.runId().equals(run) -> true;
      case RunStarted started when started.runId().equals(run) -> true;
      case RunFailed failed when failed.runId().equals(run) -> failed.retrying();
      case RunEvent runEvent when runEvent.runId().equals(run) -> false;
      default -> alive;
    };
  }

  private void send(ReservationRef reservation, QuotaCommand command) {
    var provenance = Provenance.ofSystem(reservation.tenant(), Ids.random("req"));
    commands.sendAndWait(QuotaContext.from(provenance).toCommandMessage(command));
  }
}
