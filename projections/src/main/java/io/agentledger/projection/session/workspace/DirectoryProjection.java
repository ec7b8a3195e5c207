package io.agentledger.projection.session.workspace;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.session.query.DirectoryView.Source;
import io.agentledger.projection.session.SessionProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import io.agentledger.projection.support.Projection;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ResetHandler;
import org.axonframework.eventhandling.Timestamp;

/** Keeps one row for each directory of the host that a session can see. */
@ProcessingGroup(SessionProjection.GROUP)
public class DirectoryProjection extends Projection {
  private final DirectoryRowRepository directories;

  DirectoryProjection(DirectoryRowRepository directories, PoisonEventIsolator poisonEventIsolator) {
    super(poisonEventIsolator);
    this.directories = directories;
  }

  @EventHandler
  void on(SessionOpened event, @Timestamp Instant at) {
    for (var mount : event.environment().mounts()) {
      var name = SessionDirectory.nameOf(mount);
      directories.save(
          new DirectoryRow(
              new DirectoryKey(event.sessionId().value(), name, Source.ENVIRONMENT),
              mount.source(),
              mount.writable(),
              at));
    }
    for (var directory : event.directories())
      saveSessionDirectory(
          event.sessionId(), directory.name(), directory.writable(), directory.hostPath(), at);
  }

  @EventHandler
  void on(DirectoryAdded event, @Timestamp Instant at) {
    saveSessionDirectory(event.sessionId(), event.name(), event.writable(), event.hostPath(), at);
  }

  private void saveSessionDirectory(
      SessionId session, String name, boolean writable, Content hostPath, Instant at) {
    boolean named = hostPath.equals(Content.ABSENT);
    directories.save(
        new DirectoryRow(sessionKey(session, name), named ? name : null, writable, at));
  }

  @EventHandler
  void on(DirectoryRemoved event) {
    directories.deleteById(sessionKey(event.sessionId(), event.name()));
  }

  private static DirectoryKey sessionKey(SessionId session, String name) {
    return new DirectoryKey(session.value(), name, Source.SESSION);
  }

  @ResetHandler
  void reset() {
    directories.deleteAllInBatch();
  }
}
