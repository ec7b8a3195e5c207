package io.agentledger.command.claude.runner;

import io.agentledger.api.session.SessionId;
import io.agentledger.command.claude.run.SupervisedProcess;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pool of the processes that this node keeps alive, at most one per session. It sends their
 * heartbeats and renews their leases. If there are too many, it ends the process that has been idle
 * longest, but never a busy one.
 */
final class ProcessPool<P extends SupervisedProcess> {
  private static final Logger log = LoggerFactory.getLogger(ProcessPool.class);
  private static final Duration HEARTBEAT_MAX = Duration.ofSeconds(30);

  /** Maximum time to wait for the end of idle processes before another one starts. */
  private static final Duration ROOM_TIMEOUT = Duration.ofSeconds(5);

  /** Number of missed heartbeats after which a process ends. */
  private static final int HEARTBEATS = 6;

  private final Map<SessionId, P> processes = new ConcurrentHashMap<>();

  /** Sessions whose process is about to get a run. */
  private final Set<SessionId> reserved = ConcurrentHashMap.newKeySet();

  private final ScheduledThreadPoolExecutor heartbeats =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("claude-heartbeat").factory());
  private volatile boolean stopped;
  private final Leases leases;
  private final int processesMax;
  private final Duration idleTimeout;
  private final Clock clock;

  /** Leases that processes of sessions need. */
  interface Leases {
    /**
     * Renews the leases of these epochs, with one statement.
     *
     * @return the sessions whose lease this node still holds; the processes of others must end
     */
    Set<SessionId> renew(Map<SessionId, Long> epochs);

    /** Releases the lease after the process has ended, so that any node may acquire it. */
    void release(SessionId session, long epoch);
  }

  ProcessPool(Leases leases, ClaudeSettings settings, Clock clock) {
    this.leases = leases;
    this.processesMax = settings.processesMax();
    this.idleTimeout = settings.idleTimeout();
    this.clock = clock;
    long millis =
        Math.min(
            HEARTBEAT_MAX.toMillis(), settings.orphanTimeout().dividedBy(HEARTBEATS).toMillis());
    ScheduledFuture<?> schedule =
        heartbeats.scheduleWithFixedDelay(
            this::heartbeatAll, millis, millis, TimeUnit.MILLISECONDS);
    log.atDebug().addKeyValue("beating", !schedule.isDone()).log("process pool opened");
  }

  Optional<P> find(SessionId session) {
    return Optional.ofNullable(processes.get(session))
        .filter(process -> !process.termination().isDone());
  }

  /** Prevents the session's process from being ended as idle, until the release. */
  void reserve(SessionId session) {
    reserved.add(session);
  }

  /** Ends a reservation. */
  void release(SessionId session) {
    reserved.remove(session);
  }

  private boolean isIdle(P process) {
    return !process.isBusy() && !reserved.contains(process.session());
  }

  void add(P process) {
    processes.put(process.session(), process);
    process
        .termination()
        .thenRun(
            () -> {
              processes.remove(process.session(), process);
              if (!process.isAlive()) {
                leases.release(process.session(), process.epoch());
              }
            });
    evict(process);
    if (stopped) endOrDetach(process); // It was started while the pool stopped.
  }

  /**
   * Numbers of processes.
   *
   * @param busy processes with a run
   * @param max maximum number of kept processes; more may be busy
   */
  record Counts(int busy, int idle, int max) {}

  Counts count() {
    int busy = (int) processes.values().stream().filter(SupervisedProcess::isBusy).count();
    return new Counts(busy, Math.max(0, processes.size() - busy), processesMax);
  }

  private void endOrDetach(P process) {
    if (process.isBusy()) {
      process.detach();
    } else {
      process.shutdownGracefully();
    }
  }

  /** Returns whether the reserved sessions can have a process each without ending one. */
  boolean hasRoom() {
    return processes.size() + countComing() <= processesMax;
  }

  /** Returns whether the session has a process, or gets one. */
  boolean isKnown(SessionId session) {
    return processes.containsKey(session) || reserved.contains(session);
  }

  /** Returns the number of sessions whose process is about to start. */
  private int countComing() {
    return (int) reserved.stream().filter(session -> !processes.containsKey(session)).count();
  }

  /** Returns whether the maximum number of processes is busy. */
  boolean isFull() {
    Counts counts = count();
    return counts.busy() >= counts.max();
  }

  List<P> supervisors() {
    return List.copyOf(processes.values());
  }

  /** Ends an idle process and waits for it. */
  void shutdownGracefully(P process) {
    process.shutdownGracefully();
    process.termination().join();
  }

  /**
   * Ends idle processes until the reserved sessions can have one each within the limit, and waits
   * for their end, because a process takes memory until then. Returns early after a few seconds,
   * and at once if the others are busy.
   */
  void makeRoom() {
    List<P> ended = endIdle(processes.size() + countComing() - processesMax, Optional.empty());
    CompletableFuture.allOf(
            ended.stream().map(SupervisedProcess::termination).toArray(CompletableFuture[]::new))
        .completeOnTimeout(null, ROOM_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  /** Ends the idle processes in excess of the limit, except the one that was just added. */
  private void evict(P added) {
    endIdle(processes.size() - processesMax, Optional.of(added));
  }

  /** Ends this number of processes, those that have been idle longest, and returns them. */
  private List<P> endIdle(int number, Optional<P> kept) {
    List<P> ended =
        processes.values().stream()
            .filter(process -> kept.filter(process::equals).isEmpty() && isIdle(process))
            .sorted(Comparator.comparing(SupervisedProcess::lastUse))
            .limit(Math.max(0, number))
            .toList();
    ended.forEach(SupervisedProcess::shutdownGracefully);
    return ended;
  }

  /** Renews the leases, sends the heartbeats, and ends processes that were idle for too long. */
  void heartbeatAll() {
    Instant now = clock.instant();
    List<P> all = supervisors();
    if (all.isEmpty()) return;
    try {
      Set<SessionId> held =
          leases.renew(all.stream().collect(Collectors.toMap(P::session, P::epoch)));
      all.forEach(process -> heartbeat(process, held.contains(process.session()), now));
    } catch (RuntimeException fault) {
      log.atWarn().setCause(fault).log("could not renew the leases of the processes");
    }
  }

  private void heartbeat(P process, boolean leaseHeld, Instant now) {
    try {
      if (!leaseHeld) {
        log.atWarn().addKeyValue("sessionId", process.session()).log("lost the lease of a session");
        process.terminate();
        return;
      }
      process.heartbeat();
      if (isIdle(process) && now.isAfter(process.lastUse().plus(idleTimeout))) {
        process.shutdownGracefully();
      }
    } catch (IOException | RuntimeException fault) {
      log.atWarn()
          .addKeyValue("sessionId", process.session())
          .setCause(fault)
          .log("could not send the heartbeat of a process");
    }
  }

  /**
   * Ends idle processes; processes with a run keep running for the next instance of the service.
   */
  void stop() {
    stopped = true;
    heartbeats.shutdownNow();
    List<P> all = supervisors();
    all.forEach(this::endOrDetach);
    all.forEach(
        process -> process.termination().completeOnTimeout(null, 10, TimeUnit.SECONDS).join());
  }
}
