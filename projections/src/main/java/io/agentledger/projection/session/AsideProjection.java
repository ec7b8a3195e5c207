package io.agentledger.projection.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.AsideEvent.AsideAnswered;
import io.agentledger.api.session.AsideEvent.AsideAsked;
import io.agentledger.api.session.AsideEvent.AsideFailed;
import io.agentledger.api.session.AsideEvent.CapabilitiesKnown;
import io.agentledger.api.session.AsideEvent.ContextMeasured;
import io.agentledger.api.session.AsideId;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.api.session.SessionId;
import io.agentledger.projection.support.CarefulHandling;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps what is asked beside conversations, and what was learnt last of sessions' processes. */
@ProcessingGroup(SessionProjection.GROUP)
class AsideProjection extends Projection {
  private final Asides asides;
  private final KnownFacts known;

  AsideProjection(Asides asides, KnownFacts known, CarefulHandling handling) {
    super(handling);
    this.asides = asides;
    this.known = known;
  }

  @EventHandler
  void on(
      AsideAsked event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      @MetaDataValue(value = Provenance.ACTOR, required = true) String by) {
    asides.save(new AsideRow(event, new AsideRow.Said(tenant, by, number + 1, at)));
  }

  @EventHandler
  void on(AsideAnswered event, @Timestamp Instant at) {
    row(event, event.asideId()).answered(event, at);
  }

  @EventHandler
  void on(AsideFailed event, @Timestamp Instant at) {
    row(event, event.asideId()).failed(event, at);
  }

  private AsideRow row(SessionEvent event, AsideId aside) {
    return asides.findById(aside.value()).orElseThrow(() -> new OutOfOrder(event));
  }

  @EventHandler
  void on(
      ContextMeasured event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    known(event.sessionId(), tenant).take(event, number + 1, at);
  }

  @EventHandler
  void on(
      CapabilitiesKnown event,
      @Timestamp Instant at,
      @SequenceNumber long number,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    known(event.sessionId(), tenant).take(event, number + 1, at);
  }

  private KnownFact known(SessionId session, String tenant) {
    return known
        .findById(session.value())
        .orElseGet(() -> known.save(new KnownFact(tenant, session.value())));
  }

  @ResetHandler
  void reset() {
    asides.deleteAllInBatch();
    known.deleteAllInBatch();
  }
}
