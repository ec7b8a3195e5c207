package io.agentledger.command.support;

import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.store.crypto.Sealer;
import java.util.List;

/** A host directory that is mounted into a session, from the event that added it. */
public record RecordedDirectory(String name, boolean writable, SealedField hostPath) {
  public static List<RecordedDirectory> from(SessionOpened opened) {
    return opened.directories().stream()
        .map(
            directory ->
                new RecordedDirectory(
                    directory.name(),
                    directory.writable(),
                    new SealedField(
                        SessionOpened.class, "directories.hostPath", directory.hostPath())))
        .toList();
  }

  public static RecordedDirectory from(DirectoryAdded event) {
    return new RecordedDirectory(
        event.name(),
        event.writable(),
        new SealedField(DirectoryAdded.class, "hostPath", event.hostPath()));
  }

  /** Returns whether it is a directory that the operator granted by name. */
  public boolean isNamed() {
    return hostPath.isAbsent();
  }

  public SessionDirectory open(Sealer sealer, SessionId session) {
    return new SessionDirectory(name, isNamed() ? null : hostPath.open(sealer, session), writable);
  }
}
