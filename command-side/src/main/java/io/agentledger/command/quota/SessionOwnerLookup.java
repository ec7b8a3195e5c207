package io.agentledger.command.quota;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Looks up the user who opened a session, from its first event. This user is charged if a message
 * names none.
 */
record SessionOwnerLookup(EventStore store) {
  UserId ownerOf(SessionId session) {
    var events = store.readEvents(session.value(), 0);
    if (events.hasNext() && events.next().getPayload() instanceof SessionOpened opened)
      return opened.ownerId();
    throw new IllegalStateException("no session " + session);
  }
}
