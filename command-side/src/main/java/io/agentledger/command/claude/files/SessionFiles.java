package io.agentledger.command.claude.files;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.sandbox.OwnerScriptRunner;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.io.IOException;

/** The files of sessions on this node. */
public interface SessionFiles {
  /** The session's trees, made what the record says they are if nothing runs in them here. */
  SessionPaths pathsOf(SessionId session) throws IOException;

  /** What the session's environment lets it have; 0 for as much as the operator does. */
  Limits limits(SessionId session);

  /** What changes bound workspaces, since they are not the service's to write in. */
  OwnerScriptRunner ownerScripts();

  /** Somebody changed them from outside: they are kept once more before the next run. */
  void markFilesChanged(SessionId session) throws IOException;
}
