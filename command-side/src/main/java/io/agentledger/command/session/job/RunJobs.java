package io.agentledger.command.session.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.session.event.RunEvent.RunResumed;
import io.agentledger.command.claude.runner.Runner.Assignment;
import io.agentledger.command.support.OrphanedJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Queue of the runs that wait for a slot or are in progress, in a separate table. A job is enqueued
 * in the caller's transaction and picked right after its commit; polling finds the jobs of a killed
 * node. Each run in progress has a virtual thread; slots limit their number.
 */
final class RunJobs implements SmartLifecycle {
  static final String TABLE = "run_job";

  /** Starts after everything else, and stops first. */
  static final int PHASE = Integer.MAX_VALUE - 1000;

  private static final Duration POLL = Duration.ofMillis(500);
  private static final int MISSED_HEARTBEATS_MAX = 6;

  /** Picks at most as many jobs as there are slots, and the next one as soon as a slot is free. */
  private static final double PICKED_MAX = 1.0;

  private static final double PICKED_MIN = 0.99;

  /** Time before runs are interrupted, and again until their jobs are put back for another node. */
  private static final Duration STOP_TIMEOUT = Duration.ofMillis(400);

  private final RunJob job;
  private final Scheduler scheduler;
  private final OrphanedJobs orphanedJobs;
  private final String node;
  private volatile boolean running;

  RunJobs(RunJob job, DataSource database, String node, RunSettings settings) {
    this.job = job;
    this.node = node;
    this.orphanedJobs = new OrphanedJobs(database, TABLE);
    this.scheduler =
        Scheduler.create(new TransactionAwareDataSourceProxy(database), job.task())
            .tableName(TABLE)
            .schedulerName(new SchedulerName.Fixed(node))
            .serializer(new Jackson3Serializer())
            .threads(settings.maxConcurrent())
            .executorService(
                Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("run-", 0).factory()))
            .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
            .pollingInterval(POLL)
            .heartbeatInterval(settings.heartbeatInterval())
            .missedHeartbeatsLimit(MISSED_HEARTBEATS_MAX)
            .shutdownMaxWait(STOP_TIMEOUT)
            .failureLogging(LogLevel.DEBUG, false)
            .build();
  }

  /** Enqueues a run in the caller's transaction. Idempotent. */
  void enqueue(Assignment assignment, int tries, Instant due) {
    enqueue(job.instance(assignment, tries), due);
  }

  /**
   * Enqueues a resumed run in the caller's transaction. The job has another id, because that of the
   * paused attempt may still exist.
   */
  void resume(Assignment assignment, RunResumed event, Instant due) {
    enqueue(job.instance(assignment, event), due);
  }

  private void enqueue(TaskInstance<RunJob.JobData> instance, Instant due) {
    scheduler.scheduleIfNotExists(instance, due);
    CurrentUnitOfWork.get().afterCommit(unit -> scheduler.triggerCheckForDueExecutions());
  }

  /** Returns the number of jobs that this node executes. */
  int inProgress() {
    return scheduler.getCurrentlyExecuting().size();
  }

  @Override
  public void start() {
    orphanedJobs.releaseOf(node);
    scheduler.start();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    scheduler.stop();
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
