package io.agentledger.command.claude.runner;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.NewSessionIds;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionSpec;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Processes that are started before their sessions are opened: at most one for each tenant and kind
 * of session, for the kinds that were opened last, within a limit of memory. The next session of
 * that kind gets the id of such a process. A process is never returned. Thread-safe.
 *
 * @param <P> process
 */
final class PrewarmedProcesses<P> implements NewSessionIds {
  private static final Logger log = LoggerFactory.getLogger(PrewarmedProcesses.class);

  /** Sessions that were opened and whose first process is not started yet. */
  private static final int OPENINGS_MAX = 1000;

  /**
   * Time from a session's id to its opening, or its first run, after which its process is ended.
   */
  private static final Duration CLAIM_TIMEOUT = Duration.ofMinutes(1);

  /** Maximum time from a session's first run to the start of the next session's process. */
  private static final Duration RENEWAL_DELAY_MAX = Duration.ofSeconds(5);

  private static final Duration CHECK_INTERVAL_MAX = Duration.ofSeconds(30);

  /** Number of missed heartbeats after which a process ends by itself. */
  private static final int HEARTBEATS = 6;

  private static final Duration END_TIMEOUT = Duration.ofSeconds(10);

  private final Starter<P> starter;
  private final int processesMax;
  private final Duration timeout;
  private final Clock clock;
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  /** Guarded by this, as the other maps. */
  private final Map<SessionId, Kind> openings = new LinkedHashMap<>();

  private final Map<Kind, Entry<P>> ready = new LinkedHashMap<>();
  private final Map<SessionId, Entry<P>> claimed = new LinkedHashMap<>();

  /** Number of processes that are being started or ended. */
  private int changing;

  private boolean closed;

  private final ScheduledThreadPoolExecutor executor =
      new ScheduledThreadPoolExecutor(
          1,
          Thread.ofPlatform()
              .daemon()
              .name("claude-prewarm")
              .priority(Thread.MIN_PRIORITY)
              .factory());

  /**
   * Kind of sessions that start equal processes, as far as requests show it.
   *
   * @param spec hash; the launches themselves are compared before a process is used
   */
  private record Kind(TenantId tenant, int spec) {
    static Kind of(TenantId tenant, SessionSpec spec) {
      return new Kind(
          tenant,
          Objects.hash(
              spec.runOverrides(), spec.agentOverrides(), spec.tools(), spec.environmentId()));
    }
  }

  /**
   * Process in the pool.
   *
   * @param since when it was started, or given to a session
   */
  private record Entry<P>(P process, SessionId session, Instant since) {
    Entry<P> at(Instant time) {
      return new Entry<>(process, session, time);
    }
  }

  /**
   * Timeouts of processes that wait.
   *
   * @param unused time after which a process that no session took is ended
   * @param orphan time without a heartbeat after which it ends by itself
   */
  record Timeouts(Duration unused, Duration orphan) {}

  /** Starts, checks and ends processes. May block. */
  interface Starter<P> {
    /**
     * Starts a process for the new session, as for the example, which has initialized itself when
     * this returns; empty if that cannot be.
     */
    Optional<P> start(SessionId example, RunOptions options, SessionId session) throws IOException;

    boolean isAlive(P process);

    /** Sends the heartbeat. */
    void heartbeat(P process) throws IOException;

    /** Returns whether a process for its example would be started in the same way now. */
    boolean isCurrent(P process) throws IOException;

    /** Ends a process that was not taken, with the files of its session if that is not open. */
    void end(P process) throws IOException;
  }

  /**
   * @param processesMax maximum number of processes; 0: none are prewarmed
   * @param timeouts of processes that wait
   */
  PrewarmedProcesses(Starter<P> starter, int processesMax, Timeouts timeouts, Clock clock) {
    this.starter = starter;
    this.processesMax = processesMax;
    this.timeout = timeouts.unused();
    this.clock = clock;
    if (processesMax > 0) {
      long millis =
          Math.min(
              CHECK_INTERVAL_MAX.toMillis(), timeouts.orphan().dividedBy(HEARTBEATS).toMillis());
      ScheduledFuture<?> schedule =
          executor.scheduleWithFixedDelay(this::check, millis, millis, TimeUnit.MILLISECONDS);
      log.atDebug()
          .addKeyValue("checking", !schedule.isDone())
          .log("prewarming of processes is on");
    }
  }

  @Override
  public synchronized SessionId next(TenantId tenant, SessionSpec spec) {
    if (processesMax == 0 || closed) return SessionId.next();
    Kind kind = Kind.of(tenant, spec);
    Optional<Entry<P>> entry =
        Optional.ofNullable(ready.get(kind)).filter(found -> starter.isAlive(found.process()));
    SessionId session = entry.map(Entry::session).orElseGet(SessionId::next);
    entry.ifPresent(
        found -> {
          ready.remove(kind);
          claimed.put(session, found.at(clock.instant()));
        });
    openings.put(session, kind);
    if (openings.size() > OPENINGS_MAX) {
      Iterator<SessionId> oldest = openings.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return session;
  }

  /** Returns whether a process was started for the session, which it has not taken. */
  boolean isClaimed(SessionId session) {
    return find(session).isPresent();
  }

  /** Returns the process that was started for the session, unless that has taken it. */
  synchronized Optional<P> find(SessionId session) {
    return Optional.ofNullable(claimed.get(session)).map(Entry::process);
  }

  /** Removes and returns the process that was started for the session; the caller ends it. */
  synchronized Optional<P> take(SessionId session) {
    return take(session, process -> true);
  }

  /** Removes and returns the process that was started for the session, if it is suitable. */
  synchronized Optional<P> take(SessionId session, Predicate<P> suitable) {
    Optional<P> process = find(session).filter(suitable);
    process.ifPresent(found -> claimed.remove(session));
    return process;
  }

  /**
   * If this is the first run of a session, counts whether it has a prewarmed process, and prewarms
   * one for the next session of the kind in the background. That begins when the run ends, or a
   * little later if it lasts, because it must not delay the answer.
   *
   * @param options options of the run
   * @param prewarmed whether its process is a prewarmed one
   */
  void onRun(
      SessionId session, RunOptions options, boolean prewarmed, CompletableFuture<Void> end) {
    Optional<Kind> kind;
    synchronized (this) {
      kind = Optional.ofNullable(openings.remove(session));
    }
    kind.ifPresent(
        found -> {
          (prewarmed ? hits : misses).increment();
          end.copy()
              .completeOnTimeout(null, RENEWAL_DELAY_MAX.toSeconds(), TimeUnit.SECONDS)
              .whenComplete((ended, failure) -> execute(() -> prewarm(found, session, options)));
        });
  }

  private void execute(Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException closing) {
      log.atDebug().log("no process is prewarmed, because the service stops");
    }
  }

  private void prewarm(Kind kind, SessionId example, RunOptions options) {
    Optional<Entry<P>> known;
    synchronized (this) {
      known = Optional.ofNullable(ready.get(kind));
    }
    if (known.isPresent()) {
      if (isUsable(known.get())) return;
      if (remove(known.get())) {
        end(known.get());
      }
    }
    Optional<Entry<P>> eldest = Optional.empty();
    synchronized (this) {
      if (closed) return;
      if (count() >= processesMax) {
        Iterator<Entry<P>> entries = ready.values().iterator();
        if (!entries.hasNext()) return;
        eldest = Optional.of(entries.next());
        entries.remove();
        changing++;
      }
      changing++;
    }
    eldest.ifPresent(this::end);
    Optional<P> started = Optional.empty();
    SessionId session = SessionId.next();
    try {
      started = starter.start(example, options, session);
    } catch (IOException | RuntimeException failed) {
      log.atWarn().setCause(failed).log("could not prewarm a process");
    }
    boolean late;
    synchronized (this) {
      changing--;
      late = closed && started.isPresent();
      if (!closed) {
        started.ifPresent(
            process -> ready.put(kind, new Entry<>(process, session, clock.instant())));
      } else if (late) {
        changing++;
      }
    }
    if (late) {
      end(new Entry<>(started.orElseThrow(), session, clock.instant()));
    }
  }

  /** Ends a process that is in no map any more and was counted as changing. */
  private void end(Entry<P> entry) {
    try {
      starter.end(entry.process());
    } catch (IOException | RuntimeException stays) {
      log.atWarn()
          .addKeyValue("sessionId", entry.session())
          .setCause(stays)
          .log("could not end a prewarmed process; the next start of the service ends it");
    } finally {
      synchronized (this) {
        changing--;
      }
    }
  }

  /** Ends the process that was started for the session, if no run took it. */
  void end(SessionId session) {
    Optional<Entry<P>> entry;
    synchronized (this) {
      entry = Optional.ofNullable(claimed.remove(session));
      entry.ifPresent(found -> changing++);
    }
    entry.ifPresent(this::end);
  }

  /** Sends heartbeats, and ends processes that are too old, have failed, or are out of date. */
  void check() {
    Instant now = clock.instant();
    List<Entry<P>> kept;
    List<Entry<P>> expired = new ArrayList<>();
    synchronized (this) {
      move(ready.values(), now.minus(timeout), expired);
      move(claimed.values(), now.minus(CLAIM_TIMEOUT), expired);
      kept = List.copyOf(ready.values());
    }
    expired.forEach(this::end);
    for (Entry<P> entry : kept) {
      if (!isUsable(entry) && remove(entry)) {
        end(entry);
      }
    }
  }

  private void move(Iterable<Entry<P>> entries, Instant limit, List<Entry<P>> expired) {
    for (Iterator<Entry<P>> each = entries.iterator(); each.hasNext(); ) {
      Entry<P> entry = each.next();
      if (entry.since().isBefore(limit)) {
        each.remove();
        changing++;
        expired.add(entry);
      }
    }
  }

  private synchronized boolean remove(Entry<P> entry) {
    boolean removed = ready.values().remove(entry);
    if (removed) {
      changing++;
    }
    return removed;
  }

  private boolean isUsable(Entry<P> entry) {
    try {
      starter.heartbeat(entry.process());
      return starter.isAlive(entry.process()) && starter.isCurrent(entry.process());
    } catch (IOException | RuntimeException failed) {
      log.atInfo()
          .addKeyValue("sessionId", entry.session())
          .setCause(failed)
          .log("a prewarmed process cannot be used");
      return false;
    }
  }

  /** Returns the number of processes, with those that are being started or ended. */
  synchronized int count() {
    return ready.size() + claimed.size() + changing;
  }

  /** Returns the number of processes that a session can get at once. */
  synchronized int countReady() {
    return (int) ready.values().stream().filter(entry -> starter.isAlive(entry.process())).count();
  }

  /** Returns how many sessions had a prewarmed process for their first run. */
  long hits() {
    return hits.sum();
  }

  /** Returns how many sessions had to wait for the start of their first process. */
  long misses() {
    return misses.sum();
  }

  /** Ends all processes, and waits for one that is being started. */
  void stop() {
    List<Entry<P>> rest = new ArrayList<>();
    synchronized (this) {
      closed = true;
      move(ready.values(), Instant.MAX, rest);
      move(claimed.values(), Instant.MAX, rest);
    }
    executor.shutdown();
    rest.forEach(this::end);
    try {
      if (!executor.awaitTermination(END_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().log("a prewarmed process is still being started; the next start ends it");
      }
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
