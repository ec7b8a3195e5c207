package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.run.ProcessSupervisor;
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
final class ProcessPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProcessPool.class);
  private static final long BEAT_SECONDS = 30;

  private final Map<SessionId, ProcessSupervisor> attendants = new ConcurrentHashMap<>();
  private final ScheduledThreadPoolExecutor beat =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("claude-beat").factory());
  private final SessionLeases leases;
  private final int processesMax;
  private final Duration idle;
  private final Clock clock;

  ProcessPool(SessionLeases leases, ClaudeSettings settings, Clock clock) {
    this.leases = leases;
    this.processesMax = settings.processesMax();
    this.idle = settings.idle();
    this.clock = clock;
    ScheduledFuture<?> beating =
        beat.scheduleWithFixedDelay(
            this::heartbeatAll, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    log.atDebug().addKeyValue("beating", !beating.isDone()).log("the pool is open");
  }

  Optional<ProcessSupervisor> find(SessionId session) {
    return Optional.ofNullable(attendants.get(session))
        .filter(processSupervisor -> !processSupervisor.gone().isDone());
  }

  void add(ProcessSupervisor supervisor) {
    attendants.put(supervisor.session(), supervisor);
    supervisor
        .gone()
        .thenRun(
            () -> {
              attendants.remove(supervisor.session(), supervisor);
              if (!supervisor.post().process().isAlive()) {
                leases.release(supervisor.session(), supervisor.post().epoch());
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
  record Counts(int busy, int idle, int max) {}

  Counts count() {
    int busy = (int) attendants.values().stream().filter(ProcessSupervisor::isBusy).count();
    return new Counts(busy, Math.max(0, attendants.size() - busy), processesMax);
  }

  /** Whether as many are busy as are kept. */
  boolean isFull() {
    Counts now = count();
    return now.busy() >= now.max();
  }

  List<ProcessSupervisor> all() {
    return List.copyOf(attendants.values());
  }

  /** Ends an idle attendant's process and waits for it. */
  void shutdownGracefully(ProcessSupervisor supervisor) {
    supervisor.shutdownGracefully();
    supervisor.gone().join();
  }

  private void evict() {
    List<ProcessSupervisor> free =
        attendants.values().stream()
            .filter(supervisor -> !supervisor.isBusy())
            .sorted(Comparator.comparing(ProcessSupervisor::lastUse))
            .toList();
    int tooMany = attendants.size() - processesMax;
    free.stream().limit(Math.max(0, tooMany)).forEach(ProcessSupervisor::shutdownGracefully);
  }

  private void heartbeatAll() {
    Instant now = clock.instant();
    for (ProcessSupervisor supervisor : attendants.values()) {
      try {
        heartbeat(supervisor, now);
      } catch (IOException | RuntimeException fault) {
        log.atWarn()
            .addKeyValue("sessionId", supervisor.session())
            .setCause(fault)
            .log("a process could not be touched");
      }
    }
  }

  private void heartbeat(ProcessSupervisor supervisor, Instant now) throws IOException {
    if (!leases.renew(supervisor.session(), supervisor.post().epoch())) {
      log.atWarn().addKeyValue("sessionId", supervisor.session()).log("a lease is lost");
      supervisor.terminate();
      return;
    }
    supervisor.post().process().heartbeat();
    if (!supervisor.isBusy() && now.isAfter(supervisor.lastUse().plus(idle))) {
      supervisor.shutdownGracefully();
    }
  }

  /** Ends idle processes and leaves those that are at a run to their heir. */
  @Override
  public void close() {
    beat.shutdownNow();
    List<ProcessSupervisor> all = all();
    for (ProcessSupervisor supervisor : all) {
      if (supervisor.isBusy()) {
        supervisor.detach();
      } else {
        supervisor.shutdownGracefully();
      }
    }
    all.forEach(
        supervisor -> supervisor.gone().completeOnTimeout(null, 10, TimeUnit.SECONDS).join());
  }
}
