package io.agentledger.projection.cost;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.MetaData;

/** Aggregates the costs of model exchanges by run and by day. */
@ProcessingGroup(CostProjection.GROUP)
class CostProjection extends Projection {
  static final String GROUP = "cost";

  private final CostSessionRowRepository sessions;
  private final CostRunRowRepository runs;
  private final CostDayRowRepository days;

  CostProjection(
      CostSessionRowRepository sessions,
      CostRunRowRepository runs,
      CostDayRowRepository days,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.sessions = sessions;
    this.runs = runs;
    this.days = days;
  }

  @EventHandler
  void on(SessionOpened event, ReplayStatus status) {
    insertIfAbsent(
        CostSessionRow.class, event.sessionId().value(), status, () -> new CostSessionRow(event));
  }

  @EventHandler
  void on(
      TurnFinished event, MetaData metadata, @Timestamp Instant at, @SequenceNumber long number) {
    var session =
        sessions
            .findById(event.sessionId().value())
            .orElseThrow(
                () -> new IllegalStateException("a turn without a session: " + event.sessionId()));
    var provenance = Provenance.of(metadata);
    var costEntry =
        new CostEntry(
            event,
            provenance.tenant().value(),
            LocalDate.ofInstant(at, ZoneOffset.UTC),
            user(provenance, session),
            session.agentId());
    var run =
        runs.findById(costEntry.runKey()).orElseGet(() -> runs.save(new CostRunRow(costEntry)));
    if (run.apply(costEntry, number + 1))
      days.findById(costEntry.dayKey())
          .orElseGet(() -> days.save(new CostDayRow(costEntry)))
          .apply(costEntry);
  }

  /** Costs of agents and of the service itself are charged to the session's owner. */
  private static String user(Provenance provenance, CostSessionRow session) {
    return provenance.actor().type() == Actor.ActorType.USER
        ? provenance.actor().id()
        : session.owner();
  }

  @ResetHandler
  void reset() {
    sessions.deleteAllInBatch();
    runs.deleteAllInBatch();
    days.deleteAllInBatch();
  }
}
