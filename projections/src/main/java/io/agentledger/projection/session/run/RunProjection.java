package io.agentledger.projection.session.run;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.event.OutputEvent.RunInitialized;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.QueryEvent.QueryWithdrawn;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.TurnEvent.ModelRefused;
import io.agentledger.api.session.event.TurnEvent.TurnFinished;
import io.agentledger.api.session.query.RunView.Status;
import io.agentledger.projection.session.OutOfOrderEventException;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.session.run.RunRow.RunContext;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps one row for each run, including queued ones. */
@ProcessingGroup(SessionProjection.GROUP)
public class RunProjection extends Projection {
  private final RunRowRepository runs;

  RunProjection(RunRowRepository runs, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.runs = runs;
  }

  @EventHandler
  void on(
      QueryQueued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    insertIfAbsent(RunRow.create(event, new RunContext(tenant, number + 1, at)), status);
  }

  @EventHandler
  void on(
      QueryIssued event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    if (event.prompt() instanceof Content.Absent) row(event, event.runId()).onIssued(number + 1);
    else insertIfAbsent(RunRow.create(event, new RunContext(tenant, number + 1, at)), status);
  }

  @EventHandler
  void on(QueryWithdrawn event, @Timestamp Instant at, @SequenceNumber long number) {
    runs.findBySessionIdAndQueryIdAndStatus(
            event.sessionId().value(), event.queryId().value(), Status.QUEUED)
        .ifPresent(run -> run.onWithdrawn(number + 1, at));
  }

  private void insertIfAbsent(RunRow row, ReplayStatus status) {
    insertIfAbsent(RunRow.class, row.id(), status, () -> row);
  }

  @EventHandler
  void on(
      RunStarted event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    find(RunRow.class, event.runId().value())
        .orElseGet(() -> runs.save(RunRow.create(event, new RunContext(tenant, number + 1, at))))
        .apply(event, number + 1, at);
  }

  @EventHandler
  void on(RunEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    row(event, event.runId()).apply(event, number + 1, at);
  }

  @EventHandler
  void on(RunInitialized event, @SequenceNumber long number) {
    row(event, event.runId()).onInitialized(event.model(), number + 1);
  }

  @EventHandler
  void on(ModelRefused event, @SequenceNumber long number) {
    row(event, event.runId()).apply(event, number + 1);
  }

  @EventHandler
  void on(TurnFinished event, @SequenceNumber long number) {
    row(event, event.runId()).apply(event, number + 1);
  }

  private RunRow row(SessionEvent event, RunId run) {
    return find(RunRow.class, run.value()).orElseThrow(() -> new OutOfOrderEventException(event));
  }

  @ResetHandler
  void reset() {
    runs.deleteAllInBatch();
  }
}
