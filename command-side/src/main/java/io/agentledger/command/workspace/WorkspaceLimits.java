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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks changes of a workspace against the limits of its environment and its owner's quota, as
 * they apply to its next run. A change that does not enlarge the workspace is always accepted.
 * Concurrent changes are checked separately. Blocks its caller.
 */
record WorkspaceLimits(SessionFiles files, WorkspaceQuota quota) {
  private static final Logger log = LoggerFactory.getLogger(WorkspaceLimits.class);
  private static final int MIB_SHIFT = 20;

  /** Smaller removals are found by the next measurement. */
  private static final long REPORTED_BYTES_MIN = 1L << MIB_SHIFT;

  /**
   * @param additional bytes that are added, without those that are replaced
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
    quota.report(session, before); // The size does not grow.
    throw after > headroom.workspace()
        ? storageFull("workspace_mib", headroom.workspace() >> MIB_SHIFT)
        : storageFull("storage_mib", (headroom.storage() + headroom.otherBytes()) >> MIB_SHIFT);
  }

  /**
   * Reports a workspace from which much was removed, so that its owner can use the space. Does not
   * fail, because the removal is done.
   */
  void reportRemoved(SessionId session, Path workspace, long removed) {
    if (removed < REPORTED_BYTES_MIN) return;
    try {
      quota.report(session, size(workspace));
    } catch (IOException | RuntimeException failure) {
      log.atInfo().setCause(failure).log("a smaller workspace is reported by a measurement only");
    }
  }

  private static long size(Path workspace) throws IOException {
    try {
      return DiskUsage.bytes(workspace);
    } catch (DiskUsage.PathTooLongException e) {
      throw new RejectionException(
          new WorkspaceRefused(
              "too_deep", "The workspace cannot be measured: its folders are nested too deeply."));
    }
  }

  private static RejectionException storageFull(String limit, long mibMax) {
    return new RejectionException(new StorageFull(limit, mibMax));
  }
}
