package io.agentledger.projection.session;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import java.util.HashSet;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;
import org.axonframework.messaging.unitofwork.BatchingUnitOfWork;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/** Keeps one row for each session. */
@ProcessingGroup(SessionProjection.GROUP)
public class SessionProjection extends Projection {
  /** Processing group of all read models of sessions. */
  public static final String GROUP = "session";

  private final SessionRowRepository sessions;

  SessionProjection(SessionRowRepository sessions, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.sessions = sessions;
  }

  @EventHandler
  void on(
      SessionOpened event,
      @Timestamp Instant at,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant,
      ReplayStatus status) {
    insertIfAbsent(
        SessionRow.class,
        event.sessionId().value(),
        status,
        () -> new SessionRow(tenant, event, at));
  }

  @EventHandler
  void on(SessionEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    loadRowsOfBatch();
    find(SessionRow.class, event.sessionId().value())
        .orElseThrow(() -> new OutOfOrderEventException(event))
        .apply(event, number + 1, at);
  }

  /** Loads the rows of all sessions of the batch together. */
  private void loadRowsOfBatch() {
    if (CurrentUnitOfWork.get().root() instanceof BatchingUnitOfWork<?> batch)
      batch.getOrComputeResource(
          getClass().getName(),
          key -> {
            var ids = new HashSet<String>();
            for (var message : batch.getMessages())
              if (message instanceof DomainEventMessage<?> event
                  && SessionEvent.class.isAssignableFrom(event.getPayloadType()))
                ids.add(event.getAggregateIdentifier());
            if (ids.size() > 1) load(SessionRow.class, ids);
            return true;
          });
  }

  @ResetHandler
  void reset() {
    sessions.deleteAllInBatch();
  }
}
