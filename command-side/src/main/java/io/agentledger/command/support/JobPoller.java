package io.agentledger.command.support;

import java.sql.Timestamp;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Looks for due work in all tables with one statement, and wakes those who do it. A scheduler that
 * looks for itself costs a transaction each time, most of them in vain: a node wakes its own when
 * it stores work, so this finds the work of other nodes, and what becomes due without a timer, at
 * the time when it is due if that is known by then.
 */
final class JobPoller implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(JobPoller.class);

  /** While other nodes store work, or due work waits and hides what is due after it. */
  private static final Duration SHORT_INTERVAL = Duration.ofSeconds(2);

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** Time after a commit of another node in which it may store work. */
  private static final Duration OTHERS_ACTIVE = Duration.ofMinutes(5);

  /** Shortest pause, however much work becomes due soon. */
  private static final Duration PAUSE_MIN = Duration.ofMillis(500);

  /** After the tables have started, and stopped before them. */
  private static final int PHASE = JobTable.PHASE + 1;

  private final JdbcClient sql;
  private final Collection<DueWork> tables;
  private @Nullable Thread thread;
  private volatile boolean running;
  private volatile long othersActiveUntilNanos = System.nanoTime();

  /** Next due work of a name. */
  private record NextWork(String name, Timestamp due) {
    /** Returns the time until it is due, which has more digits than milliseconds. */
    Duration delay(long nowMillis) {
      return Duration.ofMillis(due.getTime() + 1 - nowMillis);
    }
  }

  JobPoller(JobConnections database, Collection<DueWork> tables) {
    this.sql = JdbcClient.create(database.dataSource());
    this.tables = List.copyOf(tables);
  }

  /** Records that another node has committed events, with which it stores work. */
  void onOtherCommit() {
    othersActiveUntilNanos = System.nanoTime() + OTHERS_ACTIVE.toNanos();
  }

  @Override
  public synchronized void start() {
    running = true;
    startNext(interval());
  }

  /**
   * Looks in a new thread each time: an old one would prefer the connection that it used last, so
   * that others had to use another one, which the pool tests after a pause.
   */
  private synchronized void startNext(Duration pause) {
    if (running)
      thread = Thread.ofVirtual().name("job-poller").start(() -> pollAfter(pause.toMillis()));
  }

  private void pollAfter(long pauseMillis) {
    try {
      TimeUnit.MILLISECONDS.sleep(pauseMillis);
    } catch (InterruptedException e) {
      return; // The node stops.
    }
    var next = INTERVAL;
    try {
      next = poll();
    } finally {
      startNext(next); // Also after an error, such as a lack of memory.
    }
  }

  private Duration interval() {
    return System.nanoTime() - othersActiveUntilNanos < 0 ? SHORT_INTERVAL : INTERVAL;
  }

  /** Wakes those whose tables have due rows, and returns the time until the next look. */
  Duration poll() {
    var pause = interval();
    long now = System.currentTimeMillis(); // The schedulers' clock.
    try {
      for (var next : findNext()) {
        var delay = next.delay(now);
        if (!delay.isPositive()) {
          wake(next.name());
          delay = SHORT_INTERVAL;
        }
        if (delay.compareTo(pause) < 0) pause = delay;
      }
    } catch (RuntimeException e) {
      log.atDebug().setCause(e).log("could not look for due work"); // Health reports the database.
    }
    return pause.compareTo(PAUSE_MIN) < 0 ? PAUSE_MIN : pause;
  }

  private void wake(String name) {
    for (var work : tables) if (work.name().equals(name)) work.wake();
  }

  private List<NextWork> findNext() {
    return sql.sql(
            tables.stream()
                    .map(work -> "select '%s', %s".formatted(work.name(), work.nextDue()))
                    .collect(
                        Collectors.joining(" union all ", "select * from (", ") next (name, due)"))
                + " where due is not null")
        .query((row, number) -> new NextWork(row.getString(1), row.getTimestamp(2)))
        .list();
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (thread != null) thread.interrupt();
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
