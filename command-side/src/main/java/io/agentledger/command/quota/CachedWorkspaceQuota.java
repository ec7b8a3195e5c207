package io.agentledger.command.quota;

import io.agentledger.api.quota.QuotaCommand.StorageAllowance;
import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.files.NodeWorkspaces;
import io.agentledger.command.claude.files.WorkspaceQuota;
import io.agentledger.command.quota.StorageMeter.Whose;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How much room this node's workspaces have, for who looks at one of them more often than all are
 * measured. What it is told of that one the quota learns, when it is a good deal more or less.
 */
final class CachedWorkspaceQuota implements WorkspaceQuota {
  /** How long an answer of the quota's counts while little changes. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /**
   * Nobody is refused room by limits, or measures of other workspaces, that are older than this.
   */
  private static final Duration AGAIN = Duration.ofSeconds(1);

  /** Who is new since all were measured is taken in alone. */
  private static final Duration LATELY = Duration.ofMinutes(1);

  private static final long LITTLE_BYTES = 8L << 20;
  private static final int MIB_SHIFT = 20;

  private final NodeWorkspaces workspaces;
  private final StorageMeter storageMeter;
  private final Map<SessionId, Measured> sizes = new HashMap<>();
  private final Map<Whose, Answer> answers = new HashMap<>();
  private long measuredAt = System.nanoTime() - LATELY.toNanos();

  CachedWorkspaceQuota(NodeWorkspaces workspaces, StorageMeter storageMeter) {
    this.workspaces = workspaces;
    this.storageMeter = storageMeter;
  }

  /** A workspace's bytes as they were last seen, and whose it is. */
  private record Measured(Whose whose, long bytes) {}

  /** What the quota said, on being told so many bytes. */
  private record Answer(StorageAllowance room, long told, long atNanos) {
    boolean counts(long bytes) {
      return !isExpired(atNanos, FRESH) && Math.abs(bytes - told) < LITTLE_BYTES;
    }
  }

  private static boolean isExpired(long sinceNanos, Duration span) {
    return System.nanoTime() - sinceNanos > span.toNanos();
  }

  @Override
  public synchronized Headroom room(SessionId session, long bytes) throws IOException {
    if (!sizes.containsKey(session)) addNew(session, bytes);
    var known = Optional.ofNullable(sizes.get(session));
    if (known.isEmpty()) return UNLIMITED; // Nobody's.
    var now = new Measured(known.get().whose(), bytes);
    sizes.put(session, now);
    var headroom = room(now);
    if (bytes > headroom.workspace()) {
      answers.values().removeIf(one -> isExpired(one.atNanos(), AGAIN)); // Limits may have changed.
      headroom = room(now);
    }
    if (bytes <= headroom.storage() || !isExpired(measuredAt, AGAIN)) return headroom;
    measure(); // What the others held is no longer true, perhaps.
    sizes.put(session, now);
    return room(now);
  }

  /** Its owner's other workspaces count, too. */
  private void addNew(SessionId session, long bytes) throws IOException {
    if (isExpired(measuredAt, LATELY)) measure();
    var whose = storageMeter.owners(Set.of(session)).get(session);
    if (whose != null) sizes.put(session, new Measured(whose, bytes));
  }

  private Headroom room(Measured now) {
    long here =
        sizes.values().stream()
            .filter(one -> one.whose().equals(now.whose()))
            .mapToLong(Measured::bytes)
            .sum();
    var last = Optional.ofNullable(answers.get(now.whose())).filter(one -> one.counts(here));
    var answer =
        last.orElseGet(
            () -> new Answer(storageMeter.report(now.whose(), here), here, System.nanoTime()));
    answers.put(now.whose(), answer);
    var storageAllowance = answer.room();
    long others = storageAllowance.bytes() - answer.told() + here - now.bytes();
    long storage = (storageAllowance.storageMib() << MIB_SHIFT) - others;
    return new Headroom(storageAllowance.workspaceMib() << MIB_SHIFT, storage, others);
  }

  private void measure() throws IOException {
    var all = workspaces.all();
    var owners = storageMeter.owners(all.keySet());
    sizes.clear();
    for (var owned : owners.entrySet()) {
      var workspace = all.get(owned.getKey());
      if (workspace != null)
        sizes.put(owned.getKey(), new Measured(owned.getValue(), StorageMeter.bytes(workspace)));
    }
    answers.clear();
    measuredAt = System.nanoTime();
  }
}
