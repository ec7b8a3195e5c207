package io.agentledger.projection.session.run;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.ContextMeasured;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.projection.session.OutOfOrderEventException;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps side requests, and the last reports of sessions' processes. */
@ProcessingGroup(SessionProjection.GROUP)
public class SideRequestProjection extends Projection {
  private final SideRequestRowRepository sideRequestRowRepository;
  private final SessionProcessRowRepository sessionProcessRowRepository;

  SideRequestProjection(
      SideRequestRowRepository sideRequestRowRepository,
      SessionProcessRowRepository sessionProcessRowRepository,
      PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.sideRequestRowRepository = sideRequestRowRepository;
    this.sessionProcessRowRepository = sessionProcessRowRepository;
  }

  @EventHandler
  void on(
      SideRequestSubmitted event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      @MetaDataValue(value = Provenance.ACTOR, required = true) String by) {
    sideRequestRowRepository.save(
        new SideRequestRow(
            event, new SideRequestRow.SideRequestContext(tenant, by, number + 1, at)));
  }

  @EventHandler
  void on(SideRequestAnswered event, @Timestamp Instant at) {
    row(event, event.sideRequestId()).onAnswered(event, at);
  }

  @EventHandler
  void on(SideRequestFailed event, @Timestamp Instant at) {
    row(event, event.sideRequestId()).onFailed(event, at);
  }

  private SideRequestRow row(SessionEvent event, SideRequestId sideRequestId) {
    return sideRequestRowRepository
        .findById(sideRequestId.value())
        .orElseThrow(() -> new OutOfOrderEventException(event));
  }

  @EventHandler
  void on(
      ContextMeasured event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    findOrCreate(event.sessionId(), tenant).apply(event, number + 1, at);
  }

  @EventHandler
  void on(
      CapabilitiesReported event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    findOrCreate(event.sessionId(), tenant).apply(event, number + 1, at);
  }

  private SessionProcessRow findOrCreate(SessionId session, String tenant) {
    return sessionProcessRowRepository
        .findById(session.value())
        .orElseGet(
            () -> sessionProcessRowRepository.save(new SessionProcessRow(tenant, session.value())));
  }

  @ResetHandler
  void reset() {
    sideRequestRowRepository.deleteAllInBatch();
    sessionProcessRowRepository.deleteAllInBatch();
  }
}
