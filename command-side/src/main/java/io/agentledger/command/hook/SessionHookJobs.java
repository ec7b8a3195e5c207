package io.agentledger.command.hook;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.autoconfigure.Jackson3Serializer;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.task.FailureHandler.ExponentialBackoffFailureHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler.MaxRetriesFailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.agentledger.command.hook.SessionHookCaller.JobData;
import io.agentledger.command.support.OrphanedJobs;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * Queue of calls of hooks for events of sessions, in a separate table, because a hook may take
 * minutes. A call is enqueued in the transaction of its event, so that it is neither lost nor made
 * for an event that was not stored; it is repeated if its node is killed, with the same {@code
 * webhook-id}.
 */
final class SessionHookJobs implements SmartLifecycle {
  private static final String TABLE = "hook_job";

  /** Starts after everything that a call needs, and stops before. */
  private static final int PHASE = Integer.MAX_VALUE - 1000;

  private static final int CALLS_MAX = 64;
  private static final double PICKED_MAX = 1.0;
  private static final double PICKED_MIN = 0.5;
  private static final Duration POLL = Duration.ofSeconds(5);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final int MISSED_HEARTBEATS_MAX = 6;
  private static final int RETRIES_MAX = 5;
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
  private static final Duration STOP_TIMEOUT = Duration.ofMillis(400);

  private final OneTimeTask<JobData> task;
  private final Scheduler scheduler;
  private final OrphanedJobs orphanedJobs;
  private final String node;
  private volatile boolean running;

  SessionHookJobs(SessionHookCaller caller, DataSource database, String node) {
    this.node = node;
    this.orphanedJobs = new OrphanedJobs(database, TABLE);
    this.task = task(caller);
    this.scheduler =
        Scheduler.create(new TransactionAwareDataSourceProxy(database), task)
            .tableName(TABLE)
            .schedulerName(new SchedulerName.Fixed(node))
            .serializer(new Jackson3Serializer())
            .threads(CALLS_MAX)
            .executorService(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("session-hooks-", 0).factory()))
            .pollUsingLockAndFetch(PICKED_MIN, PICKED_MAX)
            .pollingInterval(POLL)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS_MAX)
            .shutdownMaxWait(STOP_TIMEOUT)
            .failureLogging(LogLevel.WARN, true)
            .build();
  }

  private static OneTimeTask<JobData> task(SessionHookCaller caller) {
    return Tasks.oneTime("call-hooks", JobData.class)
        .onFailure(
            new MaxRetriesFailureHandler<>(
                RETRIES_MAX, new ExponentialBackoffFailureHandler<>(RETRY_DELAY)))
        .onDeadExecutionRevive()
        .execute((instance, context) -> caller.call(instance.getData()));
  }

  /** Enqueues a call in the transaction of the event that is being handled. Idempotent. */
  void enqueue(JobData call, Instant due) {
    scheduler.scheduleIfNotExists(task.instance(call.occurrence(), call), due);
    CurrentUnitOfWork.get().afterCommit(unit -> scheduler.triggerCheckForDueExecutions());
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
