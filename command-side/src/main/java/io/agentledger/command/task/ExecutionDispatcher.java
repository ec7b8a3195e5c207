package io.agentledger.command.task;

import io.agentledger.api.task.ExecutionId;
import io.agentledger.command.support.DueWork;
import io.agentledger.command.task.ExecutionClaims.ClaimedExecution;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Claims queued executions while this node has free slots, and starts each on a virtual thread. An
 * execution whose start was cut off, by a kill or an outage of the database, is claimed again.
 */
final class ExecutionDispatcher implements SmartLifecycle, DueWork {
  private static final Logger log = LoggerFactory.getLogger(ExecutionDispatcher.class);
  private static final int PHASE = Integer.MAX_VALUE - 1000;

  /**
   * Only a fallback: an execution that this node queues wakes it, and the poller wakes it for those
   * of other nodes and for later attempts.
   */
  private static final Duration POLL = Duration.ofMinutes(1);

  /**
   * Time without polls after a claim in vain, as a multiple of what it took: a second if 100,000
   * executions wait for the limits of their users, and it keeps other nodes from claiming.
   */
  private static final int VAIN_PAUSE_FACTOR = 10;

  private final ExecutionClaims claims;
  private final ExecutionStarter starter;
  private final String node;
  private final TaskSettings settings;
  private final Clock clock;
  private final Semaphore wakeups;

  /** Time until which the poller does not wake this node, relative to {@link System#nanoTime}. */
  private volatile long nextPollNanos = System.nanoTime();

  private final Set<ExecutionId> starting = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private @Nullable ExecutorService threads;

  ExecutionDispatcher(
      ExecutionClaims claims,
      ExecutionStarter starter,
      String node,
      TaskSettings settings,
      Clock clock,
      Semaphore wakeups) {
    this.claims = claims;
    this.starter = starter;
    this.node = node;
    this.settings = settings;
    this.clock = clock;
    this.wakeups = wakeups;
  }

  @Override
  public void start() {
    running = true;
    if (!starter.canStart()) return;
    var executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("executions-", 0).factory());
    threads = executor;
    executor.execute(() -> dispatch(executor));
  }

  private void dispatch(ExecutorService executor) {
    while (running)
      try {
        claimOnce(claimed -> executor.execute(() -> start(claimed)));
        wakeups.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
        wakeups.drainPermits();
      } catch (InterruptedException e) {
        return; // The node stops.
      }
  }

  /** Claims as many executions as there are free slots, or one that an agent has started. */
  void claimOnce(Consumer<ClaimedExecution> start) {
    try {
      var now = clock.instant();
      var slots = claims.findSlots(node, now, starting);
      int free = settings.maxConcurrent() - slots.held();
      if (free <= -settings.maxDepth() || !slots.claimable()) return;
      long beganNanos = System.nanoTime();
      var all = claims.claim(node, now, free, starting);
      long endNanos = System.nanoTime();
      nextPollNanos =
          all.isEmpty() ? endNanos + VAIN_PAUSE_FACTOR * (endNanos - beganNanos) : endNanos;
      for (var claimed : all) {
        starting.add(claimed.executionId());
        start.accept(claimed);
      }
    } catch (RuntimeException e) {
      if (running)
        log.atWarn().setCause(e).log("could not claim executions of tasks; trying again");
    }
  }

  private void start(ClaimedExecution claimed) {
    try {
      starter.start(claimed);
    } catch (RuntimeException e) {
      log.atWarn()
          .addKeyValue("executionId", claimed.executionId())
          .setCause(e)
          .log("could not start an execution; trying again");
    } finally {
      starting.remove(claimed.executionId());
    }
  }

  @Override
  public String name() {
    return "execution_queue";
  }

  /** A start that is in progress may have been cut off. */
  @Override
  public String nextDue() {
    return """
        least((select min(due_at) from execution_queue where status = 'queued'),
          (select min(due_at) from execution_queue where status = 'starting'))""";
  }

  @Override
  public void wake() {
    if (System.nanoTime() - nextPollNanos >= 0) wakeups.release();
  }

  @Override
  public void stop() {
    running = false;
    var executor = threads;
    if (executor != null) executor.shutdownNow();
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
