package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.event.LifecycleEvent.ToolsSet;
import io.agentledger.command.support.RecordedDirectory;
import io.agentledger.command.support.RecordedTools;
import io.agentledger.store.crypto.Sealer;
import java.util.LinkedHashMap;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;

/** Reads the openings of sessions. */
interface ParentSessionReader {

  /**
   * Reads an opening.
   *
   * @throws IllegalStateException if the session does not exist
   */
  ParentSession read(SessionId session);

  /**
   * Creates a reader that reads all events, because tools and directories may have changed since
   * the opening.
   */
  static ParentSessionReader from(EventStore store, Sealer sealer) {
    return session -> {
      var events = store.readEvents(session.value(), 0); // Without its snapshot.
      if (!events.hasNext() || !(events.next().getPayload() instanceof SessionOpened opened))
        throw new IllegalStateException("no session " + session);
      var parent = new Reading(opened);
      events.asStream().map(DomainEventMessage::getPayload).forEach(parent::on);
      return new ParentSession(
          opened, parent.tools, List.copyOf(parent.directories.values()), sealer);
    };
  }

  /** Tools and directories of a session after the events that were read so far. */
  final class Reading {
    private final LinkedHashMap<String, RecordedDirectory> directories = new LinkedHashMap<>();
    private RecordedTools tools;

    private Reading(SessionOpened opened) {
      tools = RecordedTools.from(opened);
      RecordedDirectory.from(opened).forEach(this::add);
    }

    private void on(Object event) {
      switch (event) {
        case ToolsSet set -> tools = RecordedTools.from(set);
        case DirectoryAdded added -> add(RecordedDirectory.from(added));
        case DirectoryRemoved removed -> directories.remove(removed.name());
        default -> {}
      }
    }

    private void add(RecordedDirectory directory) {
      directories.put(directory.name(), directory);
    }
  }
}
