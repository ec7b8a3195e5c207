package io.agentledger.gateway.session.workspace;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.quota.UserLimits;
import io.agentledger.api.shared.QuotaRejection.StorageFull;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.web.RequestContext;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.springframework.stereotype.Component;

/**
 * Limits the bytes of uploads in progress on this node, which are on the disk before the quota of
 * their workspace is checked: of one upload to the user's limit of a workspace, of all uploads of a
 * user together to the limit of all workspaces. Thread-safe.
 */
@Component
class UploadQuota {
  private static final long BYTES_PER_MIB = 1024L * 1024;

  private final ConcurrentMap<Uploader, Long> bytesInProgress = new ConcurrentHashMap<>();

  private record Uploader(TenantId tenant, UserId user) {}

  Upload begin(RequestContext context, UserLimits limits) {
    return new Upload(new Uploader(context.tenant(), context.caller().user()), limits);
  }

  /** One upload, until its files are in a workspace or deleted. */
  final class Upload implements AutoCloseable {
    private final Uploader uploader;
    private final UserLimits limits;
    private long bytes;

    private Upload(Uploader uploader, UserLimits limits) {
      this.uploader = uploader;
      this.limits = limits;
    }

    long mibMax() {
      return limits.workspaceMib();
    }

    /** Counts received bytes; rejects them if a limit is exceeded. */
    synchronized void add(long added) {
      bytes += added;
      long all = bytesInProgress.merge(uploader, added, Long::sum);
      if (isAbove(bytes, limits.workspaceMib()))
        throw new RejectionException(new StorageFull("workspace_mib", limits.workspaceMib()));
      if (isAbove(all, limits.storageMib()))
        throw new RejectionException(new StorageFull("storage_mib", limits.storageMib()));
    }

    /** Counts the unpacked files instead of their archive, which is deleted. */
    synchronized void replaceBy(long unpacked) {
      close();
      add(unpacked);
    }

    private static boolean isAbove(long bytes, long mibMax) {
      return bytes > 0 && (bytes - 1) / BYTES_PER_MIB >= mibMax;
    }

    @Override
    public synchronized void close() {
      bytesInProgress.computeIfPresent(
          uploader, (user, all) -> all > bytes ? Long.valueOf(all - bytes) : null);
      bytes = 0;
    }
  }
}
