package io.agentledger.command.claude.files;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.CheckpointEvent.Moment;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;
import java.util.Optional;

/** Files of sessions on this node. */
public interface SessionFiles {
  /**
   * Returns the session's directories, brought to the recorded state unless a process runs in them.
   */
  SessionPaths pathsOf(SessionId session) throws IOException;

  /** Returns the limits of the session's environment; 0 means the operator's limit. */
  Limits limits(SessionId session);

  /**
   * Returns the runner of scripts in bound directories, which the service does not write to itself.
   */
  OwnerScriptRunner ownerScripts();

  /** Operation on the files of a session. */
  interface FileOperation<T> {
    T run() throws IOException;
  }

  /** Change of the files of a session by a user. */
  interface FileChange<T> {
    T apply(SessionPaths files) throws IOException;
  }

  /**
   * Runs an operation while no process of the session is started or ended, and no other operation
   * on its files is in progress. Waits half a minute for them, the time in the queue of a {@link
   * io.agentledger.command.support.FairExecutor} included, without a slot of it; then it is
   * rejected as SessionBusy.
   */
  <T> T exclusively(SessionId session, FileOperation<T> operation) throws IOException;

  /**
   * Changes the files, brought to the recorded state unless a process runs in them. They are
   * marked: a checkpoint is taken before the next run.
   */
  <T> T change(SessionId session, FileChange<T> change) throws IOException;

  /**
   * Takes a checkpoint of the workspace as it is now, unless it is the same as the recorded state,
   * it is empty and was so from the beginning, or a run is in progress.
   *
   * @return the checkpoint, if one was taken
   * @throws IOException if the files cannot be stored
   */
  Optional<CheckpointId> takeCheckpoint(SessionId session, Moment moment) throws IOException;

  /** Ends the session's process, which must not be busy; the conversation can be resumed. */
  void endIdleProcess(SessionId session) throws IOException;
}
