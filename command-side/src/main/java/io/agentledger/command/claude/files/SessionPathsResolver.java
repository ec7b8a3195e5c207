package io.agentledger.command.claude.files;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.BoundFolder;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.claude.host.BoundDirectoryResolver;
import io.agentledger.command.claude.host.DirectoryRefusedException;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.PrewarmedMark;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.RunDirectory;
import io.agentledger.command.claude.sandbox.Sandbox;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.SessionState;
import io.agentledger.store.DiskFullException;
import io.agentledger.store.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Resolves the paths of sessions' files on this node. */
public record SessionPathsResolver(
    RunDirectory runDirectory, Sandbox sandbox, BoundDirectoryResolver boundDirectories) {
  /** Returns the paths of a session that is about to be opened and has its own workspace. */
  public SessionPaths ownWorkspacePaths(SessionId session) throws IOException {
    return runDirectory.sessionPaths(session.value(), hasOwnUids());
  }

  private boolean hasOwnUids() {
    return sandbox.level() == SandboxLevel.FULL;
  }

  /**
   * Returns the paths of a recorded session, and creates missing directories; not those of a
   * deleted session, whose files were deleted already.
   *
   * @throws RejectionException if the session was deleted, with its files
   * @throws DirectoryRefusedException if its bound directory is not available
   */
  public SessionPaths resolve(SessionState state) throws IOException {
    if (state.availability().isDeleted() && Files.notExists(sessionBase(state.session()))) {
      throw new RejectionException(new NotFound("session", state.session().value()));
    }
    Optional<BoundFolder> folder = state.setup().boundFolder();
    return folder.isPresent()
        ? runDirectory.boundSessionPaths(
            state.session().value(), boundDirectories.resolve(folder.get()), hasOwnUids())
        : ownWorkspacePaths(state.session());
  }

  /** Returns the directory of the service's own files about the session. */
  private Path sessionBase(SessionId session) {
    return runDirectory.sessions().resolve(session.value());
  }

  /** Marks the session's files as changed by a user. */
  public void markFilesChanged(SessionId session) throws IOException {
    FileCheckpointService.markChanged(sessionBase(session));
  }

  /** Returns whether the process's files are on this node. */
  public boolean hasProcess(SessionId session, ProcessId process) {
    Path directory = sessionBase(session).resolve("run").resolve(process.value());
    return Files.exists(directory.resolve("keeper")) && !new PrewarmedMark(directory).exists();
  }

  /**
   * Returns the directories of the session's processes whose files are on this node; a prewarmed
   * process is none of them before it is taken.
   */
  public List<Path> processes(SessionId session) throws IOException {
    Path runs = new SessionPaths(sessionBase(session), OptionalInt.empty()).runs();
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (var all = Files.list(runs)) {
      return all.filter(process -> Files.exists(process.resolve("keeper")))
          .filter(process -> !new PrewarmedMark(process).exists())
          .toList();
    }
  }

  /** Returns whether a conversation is on this node without files of a process. */
  public boolean hasAbandonedConversation(SessionId session) throws IOException {
    SessionPaths files = new SessionPaths(sessionBase(session), OptionalInt.empty());
    if (!files.hasConversation()) {
      return false;
    }
    try (var processes = Files.list(files.runs())) {
      return processes.findAny().isEmpty();
    }
  }

  /** Returns the workspaces of all sessions with files on this node. */
  public Map<SessionId, Path> workspaces() throws IOException {
    try (var sessions = Files.list(runDirectory.sessions())) {
      return sessions
          .filter(session -> session.getFileName().toString().startsWith(SessionId.PREFIX + "_"))
          .collect(
              Collectors.toMap(
                  session -> new SessionId(session.getFileName().toString()),
                  session -> session.resolve(SessionPaths.WORKSPACE)));
    }
  }

  /** Returns the runner of scripts in bound directories. */
  public OwnerScriptRunner ownerScripts() {
    return new OwnerScriptRunner(sandbox);
  }

  /** Returns the directory of a process of the session that is alive on this node. */
  public Optional<Path> findLivingProcess(SessionId session) throws IOException {
    for (Path process : processes(session))
      if (ClaudeProcess.openReadOnly(process).isAlive()) return Optional.of(process);
    return Optional.empty();
  }

  /** Throws if a process of the session could not write its output. */
  public void requireRoom(SessionId session) throws DiskFullException {
    Path sessions = runDirectory.sessions();
    Path runs = new SessionPaths(sessions.resolve(session.value()), OptionalInt.empty()).runs();
    DurableFiles.requireRoom(Files.isDirectory(runs) ? runs : sessions);
  }
}
