package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand.StorageAllowance;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.quota.StorageMeter.StorageOwner;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Cache of the quota of this node's workspaces, for checks that are more frequent than
 * measurements. A size that differs much from the measured one is reported to the quota.
 */
final class CachedWorkspaceQuota implements WorkspaceQuota {
  /** Maximum age of a cached allowance while the size hardly changes. */
  private static final Duration ALLOWANCE_TTL = Duration.ofSeconds(30);

  /** Maximum age of the limits and of other workspaces' sizes on which a denial is based. */
  private static final Duration RECHECK_AFTER = Duration.ofSeconds(1);

  /**
   * Interval of full measurements; a workspace created after the last one is measured on its own.
   */
  private static final Duration MEASURE_INTERVAL = Duration.ofMinutes(1);

  private static final long TOLERANCE_BYTES = 8L << 20;
  private static final int MIB_SHIFT = 20;

  private final NodeWorkspaces workspaces;
  private final StorageMeter storageMeter;
  private final SessionOwnerLookup owners;
  private final Map<SessionId, WorkspaceSize> sizes = new HashMap<>();
  private final Map<StorageOwner, CachedAllowance> allowances = new HashMap<>();
  private long measuredAt = System.nanoTime() - MEASURE_INTERVAL.toNanos();

  CachedWorkspaceQuota(
      NodeWorkspaces workspaces, StorageMeter storageMeter, SessionOwnerLookup owners) {
    this.workspaces = workspaces;
    this.storageMeter = storageMeter;
    this.owners = owners;
  }

  /** Last measured size of a workspace, and its owner. */
  private record WorkspaceSize(StorageOwner owner, long bytes) {}

  /** Allowance that the quota answered for a reported size. */
  private record CachedAllowance(StorageAllowance allowance, long reportedBytes, long atNanos) {
    boolean isUsableFor(long bytes) {
      return !isExpired(atNanos, ALLOWANCE_TTL)
          && Math.abs(bytes - reportedBytes) < TOLERANCE_BYTES;
    }
  }

  private static boolean isExpired(long sinceNanos, Duration span) {
    return System.nanoTime() - sinceNanos > span.toNanos();
  }

  @Override
  public synchronized Headroom headroom(SessionId session, long bytes) throws IOException {
    if (!sizes.containsKey(session)) measureNew(session, bytes);
    var size = Optional.ofNullable(sizes.get(session));
    if (size.isEmpty()) return UNLIMITED; // It has no owner.
    var current = new WorkspaceSize(size.get().owner(), bytes);
    sizes.put(session, current);
    var headroom = headroom(current);
    if (bytes > headroom.workspace()) {
      allowances
          .values()
          .removeIf(
              allowance ->
                  isExpired(allowance.atNanos(), RECHECK_AFTER)); // Limits may have changed.
      headroom = headroom(current);
    }
    if (bytes <= headroom.storage() || !isExpired(measuredAt, RECHECK_AFTER)) return headroom;
    measure(); // The sizes of the other workspaces may be outdated.
    sizes.put(session, current);
    return headroom(current);
  }

  @Override
  public synchronized void report(SessionId session, long bytes) throws IOException {
    var size = sizes.get(session);
    if (size != null) allowances.remove(size.owner());
    headroom(session, bytes);
  }

  /** Measures a new workspace and adds it to its owner's other workspaces. */
  private void measureNew(SessionId session, long bytes) throws IOException {
    if (isExpired(measuredAt, MEASURE_INTERVAL)) measure();
    Optional.ofNullable(storageMeter.findOwners(Set.of(session)).get(session))
        .or(() -> owners.find(session)) // Until the opening of the session is projected.
        .ifPresent(owner -> sizes.put(session, new WorkspaceSize(owner, bytes)));
  }

  private Headroom headroom(WorkspaceSize size) {
    long nodeBytes =
        sizes.values().stream()
            .filter(workspaceSize -> workspaceSize.owner().equals(size.owner()))
            .mapToLong(WorkspaceSize::bytes)
            .sum();
    var last =
        Optional.ofNullable(allowances.get(size.owner()))
            .filter(allowance -> allowance.isUsableFor(nodeBytes));
    var cachedAllowance =
        last.orElseGet(
            () ->
                new CachedAllowance(
                    storageMeter.report(size.owner(), nodeBytes), nodeBytes, System.nanoTime()));
    allowances.put(size.owner(), cachedAllowance);
    var storageAllowance = cachedAllowance.allowance();
    long otherBytes =
        storageAllowance.bytes() - cachedAllowance.reportedBytes() + nodeBytes - size.bytes();
    long storage = (storageAllowance.storageMib() << MIB_SHIFT) - otherBytes;
    return new Headroom(storageAllowance.workspaceMib() << MIB_SHIFT, storage, otherBytes);
  }

  private void measure() throws IOException {
    var paths = workspaces.listAll();
    var owners = new HashMap<SessionId, StorageOwner>();
    sizes.forEach((session, size) -> owners.put(session, size.owner())); // Not yet projected.
    owners.putAll(storageMeter.findOwners(paths.keySet()));
    sizes.clear();
    for (var entry : paths.entrySet()) {
      var owner = owners.get(entry.getKey());
      if (owner != null)
        sizes.put(entry.getKey(), new WorkspaceSize(owner, StorageMeter.bytes(entry.getValue())));
    }
    allowances.clear();
    measuredAt = System.nanoTime();
  }
}
