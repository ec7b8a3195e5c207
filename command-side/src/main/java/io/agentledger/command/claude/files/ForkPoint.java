package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.LifecycleEvent.ConversationStored;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.command.claude.snapshot.SnapshotService.ManifestNames;
import io.agentledger.command.claude.state.FileState;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;

/**
 * Point at which a session was forked from another one: the original session and its sequence
 * number.
 */
public record ForkPoint(SessionId session, long sequence) {
  public static Optional<ForkPoint> of(SessionState state) {
    return switch (state.opened().origin()) {
      case SessionOrigin.Forked fork ->
          Optional.of(new ForkPoint(fork.fromSessionId(), fork.sequence()));
      case SessionOrigin.Cloned clone ->
          Optional.of(new ForkPoint(clone.fromSessionId(), clone.sequence()));
      case SessionOrigin.Fresh _,
          SessionOrigin.Templated _,
          SessionOrigin.Task _,
          SessionOrigin.Chat _ ->
          Optional.empty();
    };
  }

  /**
   * Finds the manifests as of this point. A conversation stored at a process's end counts, too, if
   * no further run had begun: the CLI writes the end of a turn after its result.
   */
  ManifestNames names(EventStore store) throws IOException {
    var files = FileState.NONE;
    var events = store.readEvents(session.value(), 0);
    while (events.hasNext()) {
      var eventMessage = events.next();
      long number = eventMessage.getSequenceNumber() + 1;
      var event = eventMessage.getPayload();
      if (event instanceof CheckpointEvent checkpoint && number <= sequence)
        files = files.after(checkpoint, number);
      else if (event instanceof ConversationStored stored) files = files.after(stored);
      else if (event instanceof RunStarted && number > sequence) break;
    }
    if (files.names().workspace().isEmpty())
      throw new IOException("session " + session + " had no checkpoint at the fork point");
    return files.names();
  }
}
