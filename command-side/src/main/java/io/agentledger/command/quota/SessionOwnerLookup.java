package io.agentledger.command.quota;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.command.quota.StorageMeter.StorageOwner;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Looks up the user who opened a session, from its first event. This user is charged if a message
 * names none.
 */
record SessionOwnerLookup(EventStore store) {
  UserId ownerOf(SessionId session) {
    return find(session)
        .map(StorageOwner::user)
        .orElseThrow(() -> new IllegalStateException("no session " + session));
  }

  /** Finds the owner of a session that may have opened a moment ago. */
  Optional<StorageOwner> find(SessionId session) {
    var events = store.readEvents(session.value(), 0);
    if (!events.hasNext()) return Optional.empty();
    var first = events.next();
    return first.getPayload() instanceof SessionOpened opened
        ? Optional.of(
            new StorageOwner(Provenance.of(first.getMetaData()).tenant(), opened.ownerId()))
        : Optional.empty();
  }
}
