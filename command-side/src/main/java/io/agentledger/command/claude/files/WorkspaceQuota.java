package io.agentledger.command.claude.files;

import io.agentledger.api.session.SessionId;
import java.io.IOException;

/** Says how much a session's workspace may hold. Blocks its caller. */
public interface WorkspaceQuota {
  /** Where nobody has set limits. */
  Headroom UNLIMITED = new Headroom(Long.MAX_VALUE, Long.MAX_VALUE, 0);

  /**
   * Limits of one workspace in bytes.
   *
   * @param workspace as every workspace of its owner's
   * @param storage so that all of its owner's workspaces and content stay within their limit
   * @param otherBytes what the rest of these take up
   */
  record Headroom(long workspace, long storage, long otherBytes) {}

  /**
   * @param bytes that it holds now
   */
  Headroom headroom(SessionId session, long bytes) throws IOException;
}
