package io.agentledger.command.session;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.SealedDirectory;
import io.agentledger.api.session.SealedFolder;
import io.agentledger.api.session.SessionDirectory;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.SessionCommand;
import io.agentledger.api.session.command.SessionCommand.ChangeFiles;
import io.agentledger.api.session.command.SessionCommand.RewindFiles;
import io.agentledger.api.session.command.SessionCommand.SetTools;
import io.agentledger.api.session.command.SessionCommand.SubmitInputs;
import io.agentledger.api.session.event.LifecycleEvent;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryAdded;
import io.agentledger.api.session.event.LifecycleEvent.DirectoryRemoved;
import io.agentledger.api.session.event.LifecycleEvent.SessionOpened;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.DirectoryNameTaken;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.support.SessionSealer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.jspecify.annotations.Nullable;

/** Host directories of a session by name, and whether it works in one of them. */
final class SessionDirectories {
  /** Access to a directory, as later decisions need it; its path is sealed. */
  private record DirectoryAccess(boolean writable, boolean named) {}

  private final Map<String, DirectoryAccess> byName = new TreeMap<>();
  private boolean bound;

  /**
   * Requires the local owner for commands that let an agent work in a bound directory, or that
   * change its files; users with whom the session is shared may only read.
   */
  void requireLocalOwner(SessionCommand command, Caller caller) {
    boolean needsLocalOwner =
        switch (command) {
          case SubmitInputs _, ChangeFiles _, RewindFiles _, SetTools _ -> true;
          default -> false;
        };
    if (bound && needsLocalOwner && !caller.localOwner())
      throw new RejectionException(
          new WorkspaceRefused(
              "local_owner_only",
              "The session works in a folder of the host: only the local owner may send"
                  + " prompts and change files, other users may only read."));
  }

  /** Seals the bound directory for the opening of a session. */
  static SealedFolder seal(@Nullable BoundFolder folder, SessionSealer sealer) {
    if (folder == null) return SealedFolder.NONE;
    return new SealedFolder(
        sealer.text(SessionOpened.class, "folder.hostPath", folder.path()), folder.inode());
  }

  /** Seals a directory for the opening of a session. */
  static SealedDirectory seal(SessionDirectory directory, SessionSealer sealer) {
    return new SealedDirectory(
        directory.name(),
        directory.writable(),
        sealer.text(SessionOpened.class, "directories.hostPath", directory.path()));
  }

  /** Adds directories; those that are mounted already in the same way are ignored. */
  void add(List<SessionDirectory> requested, SessionSealer sealer) {
    for (var sessionDirectory : requested) {
      var directoryAccess =
          new DirectoryAccess(sessionDirectory.writable(), sessionDirectory.path() == null);
      var known = byName.get(sessionDirectory.name());
      if (directoryAccess.named() && directoryAccess.equals(known)) continue;
      boolean full = byName.size() >= SessionDirectory.COUNT_MAX;
      if (full || known != null)
        throw new RejectionException(
            new DirectoryNameTaken(sessionDirectory.name(), SessionDirectory.COUNT_MAX));
      apply(
          new DirectoryAdded(
              sealer.session(),
              sessionDirectory.name(),
              sessionDirectory.writable(),
              sealer.text(DirectoryAdded.class, "hostPath", sessionDirectory.path())));
    }
  }

  void remove(SessionId session, List<String> names) {
    for (var name : names) if (byName.containsKey(name)) apply(new DirectoryRemoved(session, name));
  }

  @EventSourcingHandler
  void on(LifecycleEvent event) {
    switch (event) {
      case SessionOpened opened -> {
        bound = !opened.folder().equals(SealedFolder.NONE);
        opened
            .directories()
            .forEach(
                directory -> put(directory.name(), directory.writable(), directory.hostPath()));
      }
      case DirectoryAdded added -> put(added.name(), added.writable(), added.hostPath());
      case DirectoryRemoved directoryRemoved -> byName.remove(directoryRemoved.name());
      default -> {}
    }
  }

  private void put(String name, boolean writable, Content hostPath) {
    byName.put(name, new DirectoryAccess(writable, hostPath.equals(Content.ABSENT)));
  }
}
