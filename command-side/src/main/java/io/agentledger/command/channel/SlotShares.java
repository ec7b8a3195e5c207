package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.identity.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Limits how many slots of a pool of jobs a channel uses on this node at the same time, and all
 * channels of a tenant: a slow platform or agent delays its own chats only. A job beyond its share
 * waits without a slot; it is brought forward when one of the share is released. Thread-safe.
 */
public final class SlotShares {
  /** A channel uses at most one in so many slots, and a tenant twice as many. */
  private static final int CHANNELS_MIN = 4;

  /** Time after which a job tries again if no slot was released on this node. */
  private static final Duration RETRY_DELAY = Duration.ofSeconds(1);

  /** Time between the tries of a share's jobs, so that many of them occupy no scheduler. */
  private static final Duration RETRY_INTERVAL = Duration.ofMillis(10);

  private static final Duration RETRY_DELAY_MAX = Duration.ofMinutes(1);

  /** Jobs of a share that a node remembers; others try again only after their time. */
  private static final int WAITING_MAX = 1_000;

  private final int channelMax;
  private final int tenantMax;
  private final Consumer<String> bringForward;
  private final Clock clock;
  private final Map<String, Share> shares = new HashMap<>();

  /**
   * Creates the shares of a pool.
   *
   * @param bringForward makes the job with an id run as soon as possible, if it waits
   */
  public SlotShares(int slots, Consumer<String> bringForward, Clock clock) {
    channelMax = Math.max(1, slots / CHANNELS_MIN);
    tenantMax = Math.max(1, 2 * slots / CHANNELS_MIN);
    this.bringForward = bringForward;
    this.clock = clock;
  }

  /** Job that needs a slot. */
  public record SlotRequest(String job, TenantId tenant, ChannelId channel) {}

  private static final class Share {
    private final int max;
    private int used;
    private final SequencedSet<String> waiting = new LinkedHashSet<>();
    private Instant lastRetryAt = Instant.EPOCH;

    Share(int max) {
      this.max = max;
    }

    boolean isFull() {
      return used >= max;
    }

    boolean isUnused() {
      return used == 0 && waiting.isEmpty();
    }

    void use(String job) {
      used++;
      waiting.remove(job);
    }

    /** Remembers a job; returns when it tries again. */
    Instant enqueue(String job, Instant now) {
      if (waiting.size() < WAITING_MAX) waiting.add(job);
      var next = lastRetryAt.plus(RETRY_INTERVAL);
      var earliest = now.plus(RETRY_DELAY);
      var latest = now.plus(RETRY_DELAY_MAX);
      if (next.isBefore(earliest)) next = earliest;
      lastRetryAt = next.isAfter(latest) ? latest : next;
      return lastRetryAt;
    }

    Optional<String> release() {
      used--;
      return waiting.isEmpty() ? Optional.empty() : Optional.of(waiting.removeFirst());
    }
  }

  /**
   * Does the work of a job, unless its channel or tenant has used up its share.
   *
   * @param work returns when the job may run again
   * @return the result of the work, or when the job tries again
   */
  public Instant run(SlotRequest request, Supplier<Instant> work) {
    var retryAt = acquire(request);
    if (retryAt.isPresent()) return retryAt.get();
    try {
      return work.get();
    } finally {
      release(request).forEach(bringForward);
    }
  }

  private synchronized Optional<Instant> acquire(SlotRequest request) {
    var channel = share(request.channel().value(), channelMax);
    var tenant = share(request.tenant().value(), tenantMax);
    var full = channel.isFull() ? channel : tenant;
    if (full.isFull()) {
      var retryAt = full.enqueue(request.job(), clock.instant());
      removeUnused();
      return Optional.of(retryAt);
    }
    channel.use(request.job());
    tenant.use(request.job());
    return Optional.empty();
  }

  private Share share(String key, int max) {
    return shares.computeIfAbsent(key, added -> new Share(max));
  }

  private void removeUnused() {
    shares.values().removeIf(Share::isUnused);
  }

  private synchronized List<String> release(SlotRequest request) {
    var ofChannel = share(request.channel().value(), channelMax).release();
    var ofTenant = share(request.tenant().value(), tenantMax).release();
    removeUnused();
    return Stream.of(ofChannel, ofTenant).flatMap(Optional::stream).toList();
  }
}
