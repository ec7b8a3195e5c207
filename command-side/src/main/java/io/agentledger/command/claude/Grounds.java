package io.agentledger.command.claude;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.box.BoundFolders;
import io.agentledger.command.claude.box.FolderRefused;
import io.agentledger.command.claude.box.OwnersHand;
import io.agentledger.command.claude.box.RunTree;
import io.agentledger.command.claude.box.Sandbox;
import io.agentledger.command.claude.box.SessionTree;
import io.agentledger.command.claude.record.SessionRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where sessions have their files on this node, and what may change them. */
record Grounds(RunTree tree, Sandbox sandbox, BoundFolders bound) {
  /** Of a session that is about to be opened, and has a workspace of its own. */
  SessionTree fresh(SessionId session) throws IOException {
    return tree.session(session.value(), asOthers());
  }

  private boolean asOthers() {
    return sandbox.level() == SandboxLevel.FULL;
  }

  /**
   * Of one that is on the record.
   *
   * @throws FolderRefused if the folder that it works in is not to be had
   */
  SessionTree of(SessionRecord record) throws IOException {
    Optional<BoundFolder> folder = record.beginning().folder();
    return folder.isPresent()
        ? tree.bound(record.session().value(), bound.look(folder.get()), asOthers())
        : fresh(record.session());
  }

  /** Where the service keeps what it knows of its files. */
  private Path base(SessionId session) {
    return tree.sessions().resolve(session.value());
  }

  /** Somebody changed its files from outside. */
  void touched(SessionId session) throws IOException {
    FileStates.touch(base(session));
  }

  /** Whether this node has the process's files. */
  boolean has(SessionId session, ProcessId process) {
    return Files.exists(base(session).resolve("run").resolve(process.value()).resolve("keeper"));
  }

  /** The workspaces of all sessions that have files here. */
  Map<SessionId, Path> workspaces() throws IOException {
    try (var sessions = Files.list(tree.sessions())) {
      return sessions
          .filter(session -> session.getFileName().toString().startsWith(SessionId.PREFIX + "_"))
          .collect(
              Collectors.toMap(
                  session -> new SessionId(session.getFileName().toString()),
                  session -> session.resolve(SessionTree.WORKSPACE)));
    }
  }

  /** What changes workspaces that are bound in place. */
  OwnersHand hand() {
    return new OwnersHand(sandbox);
  }
}
