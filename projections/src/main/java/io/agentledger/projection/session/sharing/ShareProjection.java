package io.agentledger.projection.session.sharing;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MetaDataValue;

/** Keeps one row for each active share. */
@ProcessingGroup(SessionProjection.GROUP)
public class ShareProjection extends Projection {
  private final ShareRowRepository shares;

  ShareProjection(ShareRowRepository shares, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.shares = shares;
  }

  @EventHandler
  void on(
      SessionShared event,
      @Timestamp Instant at,
      @MetaDataValue(value = Provenance.TENANT, required = true) String tenant) {
    shares.save(new ShareRow(key(event.sessionId(), event.audience()), tenant, event.access(), at));
  }

  @EventHandler
  void on(SessionUnshared event) {
    shares.deleteById(key(event.sessionId(), event.audience()));
  }

  @EventHandler
  void on(SessionTransferred event) {
    shares.deleteById(new ShareKey(event.sessionId().value(), event.toUserId().value()));
  }

  private static ShareKey key(SessionId session, Audience audience) {
    return new ShareKey(
        session.value(),
        switch (audience) {
          case Audience.Tenant all -> ShareKey.EVERYONE;
          case Audience.User user -> user.userId().value();
        });
  }

  @ResetHandler
  void reset() {
    shares.deleteAllInBatch();
  }
}
