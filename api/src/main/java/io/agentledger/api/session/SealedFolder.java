package io.agentledger.api.session;

import io.agentledger.api.content.Content;

/**
 * The {@link BoundFolder} of a session as its opening event contains it.
 *
 * @param hostPath canonical path of the directory; absent for a session with its own workspace
 * @param inode of the directory when the session opened; 0 for a session with its own workspace
 */
public record SealedFolder(Content hostPath, long inode) {
  public static final SealedFolder NONE = new SealedFolder(Content.ABSENT, 0);
}
