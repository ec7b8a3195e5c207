package io.agentledger.command.support;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the scheduler of deadlines and housekeeping jobs after everything that a deadline may
 * call, and stops it before. Jobs that the previous instance of this node had picked are released
 * first.
 */
final class SchedulerLifecycle implements DbSchedulerStarter, SmartLifecycle {
  private static final int PHASE = Integer.MAX_VALUE - 1000;

  private final Scheduler scheduler;
  private final OrphanedJobs orphanedJobs;
  private final String node;
  private volatile boolean running;

  SchedulerLifecycle(Scheduler scheduler, OrphanedJobs orphanedJobs, String node) {
    this.scheduler = scheduler;
    this.orphanedJobs = orphanedJobs;
    this.node = node;
  }

  @Override
  public void doStart() {
    orphanedJobs.releaseOf(node);
    scheduler.start();
    running = true;
  }

  @Override
  public void start() {
    doStart();
  }

  /** Stops picking jobs; the destruction of the bean waits for those in progress. */
  @Override
  public void stop() {
    running = false;
    scheduler.pause();
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
