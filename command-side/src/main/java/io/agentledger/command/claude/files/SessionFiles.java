package io.agentledger.command.claude.files;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;

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

  /** Marks the files as changed by a user: a checkpoint is taken before the next run. */
  void markFilesChanged(SessionId session) throws IOException;
}
