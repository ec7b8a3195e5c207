package io.agentledger.store.event;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.TrackedEventMessage;

/**
 * Stream that withholds events for a moment after the first one since it was read to its end. For
 * one thread, except for signals.
 */
final class CoalescingEventStream implements BlockingStream<TrackedEventMessage<?>> {
  private final BlockingStream<TrackedEventMessage<?>> events;
  private final Duration delay;
  private volatile Runnable onAvailable = () -> {};
  private volatile boolean expedited;

  /** Whether the reader is woken at the end of the delay, so that no commit needs to wake it. */
  private volatile boolean wakeScheduled;

  /** Whether events are passed on; until the end of the stream is reached. */
  private boolean open;

  /** Whether the delay has begun; {@code openAtNanos} is its end. */
  private boolean waiting;

  private long openAtNanos;

  CoalescingEventStream(BlockingStream<TrackedEventMessage<?>> events, Duration delay) {
    this.events = events;
    this.delay = delay;
  }

  @Override
  public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
    if (!events.hasNextAvailable(timeout, unit)) {
      open = false;
      return false;
    }
    return isOpen();
  }

  private boolean isOpen() {
    if (open) return true;
    if (expedited) {
      expedited = false;
      open();
      return true;
    }
    if (!waiting) {
      waiting = true;
      openAtNanos = System.nanoTime() + delay.toNanos();
      wakeScheduled = true;
      CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(this::wake);
    }
    if (System.nanoTime() - openAtNanos < 0) return false;
    open();
    return true;
  }

  private void wake() {
    wakeScheduled = false;
    onAvailable.run();
  }

  private void open() {
    waiting = false;
    wakeScheduled = false;
    open = true;
  }

  /** Passes on the next events without a delay; from any thread. */
  void expedite() {
    expedited = true;
    onAvailable.run();
  }

  @Override
  public Optional<TrackedEventMessage<?>> peek() {
    var next = events.peek();
    if (next.isEmpty()) open = false;
    return next.filter(event -> isOpen());
  }

  @Override
  public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
    return events.nextAvailable();
  }

  @Override
  public boolean setOnAvailableCallback(Runnable callback) {
    onAvailable = callback;
    return events.setOnAvailableCallback(
        () -> {
          if (!wakeScheduled) callback.run();
        });
  }

  @Override
  public void skipMessagesWithPayloadTypeOf(TrackedEventMessage<?> ignored) {
    events.skipMessagesWithPayloadTypeOf(ignored);
  }

  @Override
  public void close() {
    events.close();
  }
}
