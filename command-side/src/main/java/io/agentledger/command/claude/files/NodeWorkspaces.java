package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Workspaces of the sessions on this node, with their owners. */
public interface NodeWorkspaces {
  /**
   * The session's workspace. It need not exist; its parent does, and nobody but the service can
   * write there.
   */
  Path resolve(SessionId session) throws IOException;

  /** Every workspace that is on this node; it may be removed while it is looked at. */
  Map<SessionId, Path> listAll() throws IOException;

  /**
   * Gives a workspace that is filled, with all that is in it, to the user whom the session's runs
   * act as. From here on its content may change under our hands. Safe to call twice.
   */
  void chown(SessionId session) throws IOException;

  /**
   * Removes what this node has of a session that there is not, and whom its runs would have acted
   * as is free again. A folder that is bound in place is not touched.
   */
  void delete(SessionId session) throws IOException;
}
