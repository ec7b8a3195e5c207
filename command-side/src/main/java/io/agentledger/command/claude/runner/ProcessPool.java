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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pool of the processes that this node keeps alive, at most one per session. It sends their
 * heartbeats and renews their leases. If there are too many, it ends the process that has been idle
 * longest, but never a busy one.
 */
final class ProcessPool implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProcessPool.class);
  private static final Duration HEARTBEAT_MAX = Duration.ofSeconds(30);

  /** Number of missed heartbeats after which a process ends. */
  private static final int HEARTBEATS = 6;

  private final Map<SessionId, ProcessSupervisor> supervisors = new ConcurrentHashMap<>();

  /** Sessions whose process is about to get a run. */
  private final Set<SessionId> reserved = ConcurrentHashMap.newKeySet();

  private final ScheduledThreadPoolExecutor heartbeats =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("claude-heartbeat").factory());
  private final SessionLeases leases;
  private final int processesMax;
  private final Duration idleTimeout;
  private final Clock clock;

  ProcessPool(SessionLeases leases, ClaudeSettings settings, Clock clock) {
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

  Optional<ProcessSupervisor> find(SessionId session) {
    return Optional.ofNullable(supervisors.get(session))
        .filter(processSupervisor -> !processSupervisor.termination().isDone());
  }

  /** Prevents the session's process from being ended as idle, until the release. */
  void reserve(SessionId session) {
    reserved.add(session);
  }

  /** Ends a reservation. */
  void release(SessionId session) {
    reserved.remove(session);
  }

  private boolean isIdle(ProcessSupervisor supervisor) {
    return !supervisor.isBusy() && !reserved.contains(supervisor.session());
  }

  void add(ProcessSupervisor supervisor) {
    supervisors.put(supervisor.session(), supervisor);
    supervisor
        .termination()
        .thenRun(
            () -> {
              supervisors.remove(supervisor.session(), supervisor);
              if (!supervisor.context().process().isAlive()) {
                leases.release(supervisor.session(), supervisor.context().epoch());
              }
            });
    evict(supervisor);
  }

  /**
   * Numbers of processes.
   *
   * @param busy processes with a run
   * @param max maximum number of kept processes; more may be busy
   */
  record Counts(int busy, int idle, int max) {}

  Counts count() {
    int busy = (int) supervisors.values().stream().filter(ProcessSupervisor::isBusy).count();
    return new Counts(busy, Math.max(0, supervisors.size() - busy), processesMax);
  }

  /** Returns whether the maximum number of processes is busy. */
  boolean isFull() {
    Counts counts = count();
    return counts.busy() >= counts.max();
  }

  List<ProcessSupervisor> supervisors() {
    return List.copyOf(supervisors.values());
  }

  /** Ends an idle process and waits for it. */
  void shutdownGracefully(ProcessSupervisor supervisor) {
    supervisor.shutdownGracefully();
    supervisor.termination().join();
  }

  /** Ends the idle processes in excess of the limit, except the one that was just added. */
  private void evict(ProcessSupervisor added) {
    List<ProcessSupervisor> idleSupervisors =
        supervisors.values().stream()
            .filter(supervisor -> supervisor != added && isIdle(supervisor))
            .sorted(Comparator.comparing(ProcessSupervisor::lastUse))
            .toList();
    int tooMany = supervisors.size() - processesMax;
    idleSupervisors.stream()
        .limit(Math.max(0, tooMany))
        .forEach(ProcessSupervisor::shutdownGracefully);
  }

  private void heartbeatAll() {
    Instant now = clock.instant();
    for (ProcessSupervisor supervisor : supervisors.values()) {
      try {
        heartbeat(supervisor, now);
      } catch (IOException | RuntimeException fault) {
        log.atWarn()
            .addKeyValue("sessionId", supervisor.session())
            .setCause(fault)
            .log("could not send the heartbeat of a process");
      }
    }
  }

  private void heartbeat(ProcessSupervisor supervisor, Instant now) throws IOException {
    if (!leases.renew(supervisor.session(), supervisor.context().epoch())) {
      log.atWarn()
          .addKeyValue("sessionId", supervisor.session())
          .log("lost the lease of a session");
      supervisor.terminate();
      return;
    }
    supervisor.context().process().heartbeat();
    if (isIdle(supervisor) && now.isAfter(supervisor.lastUse().plus(idleTimeout))) {
      supervisor.shutdownGracefully();
    }
  }

  /**
   * Ends idle processes; processes with a run keep running for the next instance of the service.
   */
  @Override
  public void close() {
    heartbeats.shutdownNow();
    List<ProcessSupervisor> all = supervisors();
    for (ProcessSupervisor supervisor : all) {
      if (supervisor.isBusy()) {
        supervisor.detach();
      } else {
        supervisor.shutdownGracefully();
      }
    }
    all.forEach(
        supervisor ->
            supervisor.termination().completeOnTimeout(null, 10, TimeUnit.SECONDS).join());
  }
}
