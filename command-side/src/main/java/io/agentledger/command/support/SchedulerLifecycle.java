package io.agentledger.command.support;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the scheduler of deadlines and housekeeping when everything that a deadline may call
 * stands, and stops it before that goes away. What an earlier life of this node left picked is
 * released first.
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

  /** Takes no more up; its bean's end waits for what is under way. */
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
