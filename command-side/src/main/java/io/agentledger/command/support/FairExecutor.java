package io.agentledger.command.support;

import io.agentledger.command.support.FairQueue.Limits;
import io.agentledger.command.support.FairQueue.Turn;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Executes blocking operations with a limited number of slots. Each operation has a key, such as
 * its tenant, and a part of the key, such as its session. The keys take turns, and none of them
 * gets all slots; within a key its parts take turns. An operation that waits for a lock gives its
 * slot to another one meanwhile, so that one lock cannot block the operations of all keys; then it
 * waits for a slot again, and should hold no lock meanwhile. The threads are no virtual ones,
 * because file operations occupy a processor's carrier thread. Thread-safe.
 */
public final class FairExecutor {
  private static final Logger log = LoggerFactory.getLogger(FairExecutor.class);
  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("file-operation-", 0).daemon().factory());

  /** Slot of the operation that the thread executes. */
  private static final ThreadLocal<Slot> CURRENT = new ThreadLocal<>();

  /** Maximum number of threads of a key, those that wait for locks included. */
  private static final int THREADS_PER_KEY_MAX = 64;

  /** Maximum number of threads of a part; its key has threads for other parts that wait. */
  private static final int THREADS_PER_PART_MAX = 8;

  private final FairQueue queue;

  /**
   * @param slots maximum number of operations at a time
   * @param slotsPerKey of these for one key, at least 1
   */
  public FairExecutor(int slots, int slotsPerKey) {
    this.queue =
        new FairQueue(
            List.of(
                new Limits(slots, Integer.MAX_VALUE),
                new Limits(slotsPerKey, THREADS_PER_KEY_MAX),
                new Limits(slotsPerKey, THREADS_PER_PART_MAX)));
  }

  /**
   * @param path key and part
   */
  private record Slot(FairExecutor executor, List<Object> path, Duration queueTime) {}

  /** Wait for a lock or a client. */
  public interface Wait<E extends Exception> {
    void run() throws E;
  }

  /** Returns the executor of a key's operations. */
  public Executor forKey(Object key) {
    return forKey(key, key);
  }

  /**
   * Returns the executor of the operations of a part of a key. It removes those that are cancelled
   * futures, such as a {@link CancellableOperation}.
   */
  public Executor forKey(Object key, Object part) {
    var path = List.of(key, part);
    return operation -> enqueue(path, operation);
  }

  private void enqueue(List<Object> path, Runnable operation) {
    long enqueuedNanos = System.nanoTime();
    Runnable start =
        () -> THREADS.execute(() -> run(path, operation, System.nanoTime() - enqueuedNanos));
    add(path, new Turn(operation, false, start));
  }

  private synchronized void add(List<Object> path, Turn turn) {
    queue.add(path, turn);
    assignSlots();
  }

  private void assignSlots() {
    for (var next = queue.takeNext(); next.isPresent(); next = queue.takeNext())
      next.get().start().run();
  }

  private void run(List<Object> path, Runnable operation, long queueNanos) {
    CURRENT.set(new Slot(this, path, Duration.ofNanos(queueNanos)));
    try {
      operation.run();
    } catch (RuntimeException | Error failure) {
      log.atError().setCause(failure).log("a file operation failed without a result");
    } finally {
      CURRENT.remove();
      end(path);
    }
  }

  private synchronized void end(List<Object> path) {
    queue.end(path);
    assignSlots();
  }

  private synchronized void yieldSlot(List<Object> path) {
    queue.yieldSlot(path);
    assignSlots();
  }

  /** Returns how long the current operation waited until it began; zero without an executor. */
  public static Duration queueTime() {
    var slot = CURRENT.get();
    return slot == null ? Duration.ZERO : slot.queueTime();
  }

  /** Returns the number of operations that wait for a slot, cancelled ones included. */
  synchronized int waitingCount() {
    return queue.waitingCount();
  }

  /**
   * Runs a wait without the slot of the current operation, if it has one, and waits for a slot
   * again then, before the operations of the same part that have not begun.
   */
  public static <E extends Exception> void yieldWhile(Wait<E> wait) throws E {
    var slot = CURRENT.get();
    if (slot == null) {
      wait.run();
      return;
    }
    slot.executor().yieldSlot(slot.path());
    try {
      wait.run();
    } finally {
      slot.executor().resume(slot.path());
    }
  }

  private void resume(List<Object> path) {
    var resumed = new CompletableFuture<Void>();
    Runnable start = () -> resumed.complete(null);
    add(path, new Turn(start, true, start));
    resumed.join();
  }
}
