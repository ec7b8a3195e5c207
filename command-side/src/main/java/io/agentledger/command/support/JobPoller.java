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
 * Looks for due jobs in all tables with one statement, and wakes the schedulers of those that have
 * some. A scheduler that looks for itself costs a transaction each time, most of them in vain: a
 * node wakes its own when it enqueues a job, so this finds the jobs of other nodes, and those whose
 * time was not known to this process.
 */
final class JobPoller implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(JobPoller.class);
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** After the tables have started, and stopped before them. */
  private static final int PHASE = JobTable.PHASE + 1;

  private final JdbcClient sql;
  private final Collection<JobTable<?>> tables;
  private volatile @Nullable Thread thread;

  JobPoller(JobConnections database, Collection<JobTable<?>> tables) {
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

  /** Wakes the schedulers of the tables that have due jobs. */
  void poll() {
    try {
      var due = findDue();
      for (var table : tables) if (due.contains(table.queue().table())) table.wake();
    } catch (RuntimeException e) {
      log.atDebug().setCause(e).log("could not look for due jobs"); // Health reports the database.
    }
  }

  private List<String> findDue() {
    var now = new Timestamp(System.currentTimeMillis()); // The schedulers' clock.
    return sql.sql(
            tables.stream()
                .map(table -> table.queue().table())
                .map(
                    table ->
                        """
                        select '%1$s' where exists (
                          select from %1$s where not picked and execution_time <= :now)"""
                            .formatted(table))
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
