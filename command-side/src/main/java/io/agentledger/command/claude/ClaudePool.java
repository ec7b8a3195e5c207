package io.agentledger.command.claude;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.run.Attendant;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes that this node keeps alive, at most one per session. Touches them and their leases;
 * when there are too many, the one that has been idle longest goes. A busy one never does.
 */
final class ClaudePool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClaudePool.class);
  private static final long BEAT_SECONDS = 30;

  private final Map<SessionId, Attendant> attendants = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor beat =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("claude-beat").factory());
  private final Leases leases;
  private final int processesMax;
  private final Duration idle;
  private final Clock clock;

  ClaudePool(Leases leases, ClaudeSettings settings, Clock clock) {
    this.leases = leases;
    this.processesMax = settings.processesMax();
    this.idle = settings.idle();
    this.clock = clock;
    ScheduledFuture<?> beating =
        beat.scheduleWithFixedDelay(this::touchAll, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    log.atDebug().addKeyValue("beating", !beating.isDone()).log("the pool is open");
  }

  Optional<Attendant> of(SessionId session) {
    return Optional.ofNullable(attendants.get(session)).filter(one -> !one.gone().isDone());
  }

  void add(Attendant attendant) {
    attendants.put(attendant.session(), attendant);
    attendant
        .gone()
        .thenRun(
            () -> {
              attendants.remove(attendant.session(), attendant);
              if (!attendant.post().process().isAlive()) {
                leases.release(attendant.session(), attendant.post().epoch());
              }
            });
    evict();
  }

  /**
   * How many processes there are.
   *
   * @param busy at a run
   * @param max to be kept; more than these may be busy
   */
  record Count(int busy, int idle, int max) {}

  Count count() {
    int busy = (int) attendants.values().stream().filter(Attendant::isBusy).count();
    return new Count(busy, Math.max(0, attendants.size() - busy), processesMax);
  }

  /** Whether as many are busy as are kept. */
  boolean isFull() {
    Count now = count();
    return now.busy() >= now.max();
  }

  List<Attendant> all() {
    return List.copyOf(attendants.values());
  }

  /** Ends an idle attendant's process and waits for it. */
  void retire(Attendant attendant) {
    attendant.retire();
    attendant.gone().join();
  }

  private void evict() {
    List<Attendant> free =
        attendants.values().stream()
            .filter(attendant -> !attendant.isBusy())
            .sorted(Comparator.comparing(Attendant::lastUse))
            .toList();
    int tooMany = attendants.size() - processesMax;
    free.stream().limit(Math.max(0, tooMany)).forEach(Attendant::retire);
  }

  private void touchAll() {
    Instant now = clock.instant();
    for (Attendant attendant : attendants.values()) {
      try {
        touch(attendant, now);
      } catch (IOException | RuntimeException fault) {
        log.atWarn()
            .addKeyValue("sessionId", attendant.session())
            .setCause(fault)
            .log("a process could not be touched");
      }
    }
  }

  private void touch(Attendant attendant, Instant now) throws IOException {
    if (!leases.renew(attendant.session(), attendant.post().epoch())) {
      log.atWarn().addKeyValue("sessionId", attendant.session()).log("a lease is lost");
      attendant.dismiss();
      return;
    }
    attendant.post().process().touch();
    if (!attendant.isBusy() && now.isAfter(attendant.lastUse().plus(idle))) {
      attendant.retire();
    }
  }

  /** Ends idle processes and leaves those that are at a run to their heir. */
  @Override
  public void close() {
    beat.shutdownNow();
    List<Attendant> all = all();
    for (Attendant attendant : all) {
      if (attendant.isBusy()) {
        attendant.letGo();
      } else {
        attendant.retire();
      }
    }
    all.forEach(attendant -> attendant.gone().completeOnTimeout(null, 10, TimeUnit.SECONDS).join());
  }
}
