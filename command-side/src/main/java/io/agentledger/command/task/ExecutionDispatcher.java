package io.agentledger.command.task;

import io.agentledger.api.task.ExecutionId;
import io.agentledger.command.task.ExecutionClaims.ClaimedExecution;
import java.time.Clock;
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
final class ExecutionDispatcher implements SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(ExecutionDispatcher.class);
  private static final int PHASE = Integer.MAX_VALUE - 1000;

  private final ExecutionClaims claims;
  private final ExecutionStarter starter;
  private final String node;
  private final TaskSettings settings;
  private final Clock clock;
  private final Semaphore wakeups;
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
        wakeups.tryAcquire(settings.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
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
      for (var claimed : claims.claim(node, now, free, starting)) {
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
