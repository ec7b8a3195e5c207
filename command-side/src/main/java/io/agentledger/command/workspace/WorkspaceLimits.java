package io.agentledger.command.workspace;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.WorkspaceRejection.WorkspaceRefused;
import io.agentledger.command.claude.files.SessionFiles;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.claude.host.DiskUsage;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Holds what is put into a workspace to what its environment and its owner's quota let it hold, as
 * its next run would be. What makes it no larger is always let in, and of two that come at once
 * each is looked at alone. Blocks its caller.
 */
record WorkspaceLimits(SessionFiles files, WorkspaceQuota quota) {
  private static final int MIB_SHIFT = 20;

  /**
   * @param additional bytes than it holds now; what is replaced is not counted
   */
  void requireWithinLimits(SessionId session, Path workspace, long additional) throws IOException {
    if (additional <= 0) return;
    long before = size(workspace);
    long after = before + additional;
    long mibMax = files.limits(session).workspaceMib();
    if (mibMax > 0 && after > mibMax << MIB_SHIFT)
      throw storageFull(StorageFull.OF_ENVIRONMENT, mibMax);
    var headroom = quota.headroom(session, after);
    if (after <= Math.min(headroom.workspace(), headroom.storage())) return;
    quota.headroom(session, before); // It stays as it is.
    throw after > headroom.workspace()
        ? storageFull("workspace_mib", headroom.workspace() >> MIB_SHIFT)
        : storageFull("storage_mib", (headroom.storage() + headroom.otherBytes()) >> MIB_SHIFT);
  }

  private static long size(Path workspace) throws IOException {
    try {
      return DiskUsage.bytes(workspace);
    } catch (DiskUsage.PathTooLongException e) {
      throw new RejectionException(
          new WorkspaceRefused(
              "too_deep", "The workspace cannot be measured: a folder is too deep."));
    }
  }

  private static RejectionException storageFull(String limit, long mibMax) {
    return new RejectionException(new StorageFull(limit, mibMax));
  }
}
