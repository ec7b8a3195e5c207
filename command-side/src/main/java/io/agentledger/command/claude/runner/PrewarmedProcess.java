package io.agentledger.command.claude.runner;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.Workspace;
import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.command.claude.process.ClaudeProcess;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.PrewarmedMark;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import io.agentledger.command.claude.sandbox.SessionPaths;
import io.agentledger.command.claude.state.SessionState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * CLI process of a session that is not open yet: it has the session's id, directories, uid and
 * model socket, and an empty workspace. It was warmed up by a question, which the gateway answered
 * and which is not part of the conversation, and has responded to its first request. It is of one
 * tenant, executes at most the runs of that session, and its model socket refuses other messages
 * until a run is bound to it. A file marks it until the session takes it, so that a restart ends
 * it.
 */
final class PrewarmedProcess {
  private final Example example;
  private final ProcessSockets.Place place;
  private final ClaudeProcess process;
  private final ModelEndpoint.Connection connection;
  private final String digest;
  private final ResourceLimiter resourceLimiter;
  private final @Nullable Object workspaceKey;

  /**
   * Session for whose runs with these options it could have been started, too.
   *
   * @param state state when it was started; used by one thread
   */
  record Example(SessionState state, RunOptions options) {}

  /**
   * @param digest digest of its launch
   */
  PrewarmedProcess(
      Example example,
      ProcessSockets.Place place,
      ClaudeProcess process,
      ModelEndpoint.Connection connection,
      String digest,
      ResourceLimiter resourceLimiter)
      throws IOException {
    this.example = example;
    this.place = place;
    this.process = process;
    this.connection = connection;
    this.digest = digest;
    this.resourceLimiter = resourceLimiter;
    this.workspaceKey = workspaceKey(place.files());
  }

  /**
   * Returns whether sessions with this setup can have a prewarmed process: those that begin with an
   * empty workspace of their own and without a conversation.
   */
  static boolean isPossible(SessionState example) {
    return example.opened().workspace() instanceof Workspace.Empty
        && example.setup().boundFolder().isEmpty()
        && example.opened().agent().writableFolders().isEmpty()
        && !(example.opened().origin() instanceof SessionOrigin.Forked)
        && !(example.opened().origin() instanceof SessionOrigin.Cloned);
  }

  Example example() {
    return example;
  }

  ProcessSockets.Place place() {
    return place;
  }

  SessionId session() {
    return place.session();
  }

  ProcessId id() {
    return place.process();
  }

  Path directory() {
    return place.directory();
  }

  ClaudeProcess process() {
    return process;
  }

  ModelEndpoint.Connection connection() {
    return connection;
  }

  /** Returns whether it was started as a process with this digest would be. */
  boolean isStartedAs(String launchDigest) {
    return digest.equals(launchDigest);
  }

  /**
   * Returns whether the session may use it, because a process that is started for it now would be
   * equal.
   *
   * @param launchDigest digest of the launch of a process that would be started now
   */
  boolean fits(SessionState state, SessionPaths files, String launchDigest) throws IOException {
    return state.provenance().tenant().equals(example.state().provenance().tenant())
        && state.session().equals(session())
        && state.lastExecution().isEmpty()
        && isPossible(state)
        && isStartedAs(launchDigest)
        && files.equals(place.files())
        && workspaceKey != null
        && workspaceKey.equals(workspaceKey(files))
        && isEmpty(files.workspace())
        && process.isAlive();
  }

  /** Hands the process to its session. */
  void accept() throws IOException {
    process.heartbeat();
    new PrewarmedMark(directory()).remove();
  }

  private static @Nullable Object workspaceKey(SessionPaths files) throws IOException {
    try {
      return Files.readAttributes(
              files.workspace(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (NoSuchFileException removed) {
      return null;
    }
  }

  static boolean isEmpty(Path directory) throws IOException {
    try (var entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    }
  }

  /** Ends the process at once, which has nothing to store, and deletes its files. Idempotent. */
  void end() throws IOException {
    try {
      process.terminate(Duration.ZERO);
    } finally {
      connection.close();
      resourceLimiter.release(id().value());
      TreeDeleter.deleteTree(directory());
    }
  }
}
