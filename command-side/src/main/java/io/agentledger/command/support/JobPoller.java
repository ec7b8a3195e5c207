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
 * it stores work, so this finds the work of other nodes, and what becomes due without a timer.
 */
final class JobPoller implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(JobPoller.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** After the tables have started, and stopped before them. */
  private static final int PHASE = JobTable.PHASE + 1;

  private final JdbcClient sql;
  private final Collection<DueWork> tables;
  private volatile @Nullable Thread thread;

  JobPoller(JobConnections database, Collection<DueWork> tables) {
    this.sql = JdbcClient.create(database.dataSource());
    this.tables = List.copyOf(tables);
  }

  @Override
  public void start() {
    thread = Thread.ofVirtual().name("job-poller").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(INTERVAL.toMillis());
        poll();
      }
    } catch (InterruptedException e) {
      // The node stops.
    }
  }

  /** Wakes those whose tables have due rows. */
  void poll() {
    try {
      var due = findDue();
      for (var work : tables) if (due.contains(work.table())) work.wake();
    } catch (RuntimeException e) {
      log.atDebug().setCause(e).log("could not look for due work"); // Health reports the database.
    }
  }

  private List<String> findDue() {
    var now = new Timestamp(System.currentTimeMillis()); // The schedulers' clock.
    return sql.sql(
            tables.stream()
                .map(work -> "select '%s' where %s".formatted(work.table(), work.condition()))
                .collect(Collectors.joining(" union all ")))
        .param("now", now)
        .query(String.class)
        .list();
  }

  @Override
  public void stop() {
    var started = thread;
    if (started != null) started.interrupt();
    thread = null;
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
