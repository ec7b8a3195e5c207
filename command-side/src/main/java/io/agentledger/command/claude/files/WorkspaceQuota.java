package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import java.io.IOException;

/** Returns the storage limits of a session's workspace. Blocks its caller. */
public interface WorkspaceQuota {
  /** Limits of a session without quota. */
  Headroom UNLIMITED = new Headroom(Long.MAX_VALUE, Long.MAX_VALUE, 0);

  /**
   * Limits of one workspace in bytes.
   *
   * @param workspace limit of each workspace of its owner
   * @param storage limit that keeps all workspaces and content of its owner within the storage
   *     quota
   * @param otherBytes storage that the owner uses otherwise
   */
  record Headroom(long workspace, long storage, long otherBytes) {}

  /**
   * @param bytes current size of the workspace
   */
  Headroom headroom(SessionId session, long bytes) throws IOException;

  /**
   * Reports the size of a workspace that has not grown as a check has announced, or has shrunk.
   *
   * @param bytes current size of the workspace
   */
  void report(SessionId session, long bytes) throws IOException;
}
