package io.agentledger.command.trigger;

import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.support.DueWork;
import io.agentledger.command.trigger.InboundDeliveryTable.PendingDelivery;
import io.agentledger.command.trigger.TriggerLookupTable.StoredTrigger;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Processes deliveries on a few threads. A thread leases a trigger, processes some of its oldest
 * deliveries one after another, and leases another trigger, so that none waits for the backlog of
 * another. A lease that a kill left is taken over by the same node at its start.
 */
final class DeliveryDispatcher implements SmartLifecycle, DueWork {
  private static final Logger log = LoggerFactory.getLogger(DeliveryDispatcher.class);
  private static final int PHASE = Integer.MAX_VALUE - 1000;
  private static final int THREADS = 2;

  /** Deliveries of one lease. */
  private static final int BATCH_MAX = 20;

  /** Time of a lease after which no further delivery begins, because other triggers wait. */
  private static final Duration TURN_MAX = Duration.ofSeconds(2);

  /** Longer than a delivery takes; one that takes longer is processed twice without effect. */
  private static final Duration LEASE_MAX = Duration.ofMinutes(10);

  /**
   * Only a fallback: a webhook that this node receives wakes it, and the poller wakes it for those
   * of other nodes and for later attempts.
   */
  private static final Duration POLL = Duration.ofMinutes(1);

  private static final Duration FAULT_PAUSE = Duration.ofSeconds(2);
  private static final Duration RETRY_DELAY = Duration.ofSeconds(5);
  private static final Duration RETRY_DELAY_MAX = Duration.ofMinutes(5);

  /** A delivery that ends the process again and again would keep it from all others. */
  private static final int UNFINISHED_MAX = 3;

  /** About a day. */
  private static final int TRIES_MAX = 300;

  private final TriggerLookupTable triggers;
  private final InboundDeliveryTable deliveries;
  private final DeliveryProcessor processor;
  private final String node;
  private final Clock clock;
  private final Semaphore wakeups;
  private final Set<TriggerId> working = ConcurrentHashMap.newKeySet();
  private volatile boolean running;
  private @Nullable ExecutorService threads;

  DeliveryDispatcher(
      TriggerLookupTable triggers,
      InboundDeliveryTable deliveries,
      DeliveryProcessor processor,
      String node,
      Clock clock,
      Semaphore wakeups) {
    this.triggers = triggers;
    this.deliveries = deliveries;
    this.processor = processor;
    this.node = node;
    this.clock = clock;
    this.wakeups = wakeups;
  }

  @Override
  public void start() {
    running = true;
    var executor =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("deliveries-", 0).factory());
    threads = executor;
    for (int i = 0; i < THREADS; i++) executor.execute(this::dispatch);
  }

  private void dispatch() {
    while (running)
      try {
        if (processLeased()) continue;
        wakeups.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
        wakeups.drainPermits();
      } catch (InterruptedException e) {
        return; // The node stops.
      } catch (RuntimeException e) {
        if (!running) return;
        log.atWarn().setCause(e).log("could not process deliveries of triggers; trying again");
        if (!pause()) return;
      }
  }

  private static boolean pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(FAULT_PAUSE.toMillis());
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /** Processes deliveries of one trigger; returns whether one was processed. */
  boolean processLeased() {
    var leased = lease();
    if (leased.isEmpty()) return false;
    var trigger = leased.get();
    int processed = 0;
    try {
      var end = clock.instant().plus(TURN_MAX);
      while (processed < BATCH_MAX
          && running
          && (processed == 0 || clock.instant().isBefore(end))
          && processNext(trigger)) processed++;
    } finally {
      try {
        triggers.release(trigger.id(), node);
      } finally {
        working.remove(trigger.id()); // This node takes over the lease that it could not end.
      }
    }
    return processed > 0;
  }

  private synchronized Optional<StoredTrigger> lease() {
    var now = clock.instant();
    var leased = triggers.lease(node, now, now.minus(LEASE_MAX), working);
    leased.ifPresent(trigger -> working.add(trigger.id()));
    return leased;
  }

  private boolean processNext(StoredTrigger trigger) {
    var next =
        deliveries
            .findNext(trigger.id())
            .filter(delivery -> !delivery.dueAt().isAfter(clock.instant()))
            .filter(delivery -> triggers.renew(trigger.id(), node, clock.instant()));
    next.ifPresent(delivery -> process(trigger, delivery));
    return next.isPresent();
  }

  private void process(StoredTrigger trigger, PendingDelivery delivery) {
    try {
      if (delivery.unfinished() >= UNFINISHED_MAX) {
        processor.fail(trigger, delivery);
        return;
      }
      deliveries.recordStart(delivery.id());
      processor.process(trigger, delivery);
    } catch (RuntimeException e) {
      if (!running) return; // The next process continues.
      log.atWarn()
          .addKeyValue("triggerId", trigger.id())
          .addKeyValue("deliveryId", delivery.id())
          .setCause(e)
          .log("could not process a delivery");
      if (delivery.tries() >= TRIES_MAX) processor.fail(trigger, delivery);
      else deliveries.postpone(delivery.id(), clock.instant().plus(retryDelay(delivery.tries())));
    }
  }

  private static Duration retryDelay(int tries) {
    var delay = RETRY_DELAY.multipliedBy(1L << Math.min(tries, 6));
    return delay.compareTo(RETRY_DELAY_MAX) < 0 ? delay : RETRY_DELAY_MAX;
  }

  @Override
  public String name() {
    return "inbound_delivery";
  }

  @Override
  public String nextDue() {
    return "(select min(due_at) from inbound_delivery where status = 'PENDING')";
  }

  @Override
  public void wake() {
    wakeups.release();
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
