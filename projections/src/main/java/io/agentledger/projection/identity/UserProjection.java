package io.agentledger.projection.identity;

import io.agentledger.api.identity.event.UserEvent;
import io.agentledger.api.identity.event.UserEvent.UserRegistered;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.SequenceNumber;
import org.axonframework.eventhandling.Timestamp;

/** Keeps one row for each user. */
@ProcessingGroup(TenantProjection.GROUP)
class UserProjection extends Projection {
  private final UserRowRepository users;

  UserProjection(UserRowRepository users, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.users = users;
  }

  @EventHandler
  void on(UserRegistered event, @Timestamp Instant at, ReplayStatus status) {
    insertIfAbsent(UserRow.class, event.userId().value(), status, () -> new UserRow(event, at));
  }

  @EventHandler
  void on(UserEvent event, @Timestamp Instant at, @SequenceNumber long number) {
    users.findById(event.userId().value()).orElseThrow().apply(event, number + 1, at);
  }

  @ResetHandler
  void reset() {
    users.deleteAllInBatch();
  }
}
