package io.agentledger.command.support;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Executes blocking operations with a limited number of slots. Each operation has a key, such as
 * its tenant; the keys take turns, and none of them gets all slots. An operation that waits for a
 * lock gives its slot to another one meanwhile, so that one lock cannot block the operations of all
 * keys. The threads are no virtual ones, because file operations occupy a processor's carrier
 * thread. Thread-safe.
 */
public final class FairExecutor {
  private static final Executor THREADS =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().name("file-operation-", 0).daemon().factory());

  /** Slot of the operation that the thread executes. */
  private static final ThreadLocal<Slot> CURRENT = new ThreadLocal<>();

  /** Maximum number of threads of a key, those that wait for locks included. */
  private static final int THREADS_PER_KEY_MAX = 16;

  private final int slotsPerKey;

  /** Free slots; negative while operations that have waited for a lock exceed the limit. */
  private int free;

  private final Map<Object, Integer> used = new HashMap<>();

  /** Numbers of operations that wait for a lock. */
  private final Map<Object, Integer> yielding = new HashMap<>();

  /** Operations that wait for a slot; the key that comes next is the first one. */
  private final Map<Object, Queue<CompletableFuture<Void>>> waiting = new LinkedHashMap<>();

  /**
   * @param slots maximum number of operations at a time
   * @param slotsPerKey of these for one key, at least 1
   */
  public FairExecutor(int slots, int slotsPerKey) {
    this.free = slots;
    this.slotsPerKey = slotsPerKey;
  }

  private record Slot(FairExecutor executor, Object key) {}

  /** Wait for a lock. */
  public interface Wait<E extends Exception> {
    void run() throws E;
  }

  /** Returns the executor of a key's operations. */
  public Executor forKey(Object key) {
    return operation -> enqueue(key).thenRunAsync(() -> run(key, operation), THREADS);
  }

  private void run(Object key, Runnable operation) {
    CURRENT.set(new Slot(this, key));
    try {
      operation.run();
    } finally {
      CURRENT.remove();
      release(key);
    }
  }

  /** Runs a wait without the slot of the current operation, if it has one. */
  public static <E extends Exception> void yieldWhile(Wait<E> wait) throws E {
    var slot = CURRENT.get();
    if (slot == null) {
      wait.run();
      return;
    }
    slot.executor().yieldSlot(slot.key());
    try {
      wait.run();
    } finally {
      slot.executor().resume(slot.key());
    }
  }

  private synchronized void yieldSlot(Object key) {
    yielding.merge(key, 1, Integer::sum);
    release(key);
  }

  /** Gets a slot again at once, even beyond the limits, because it holds the lock now. */
  private synchronized void resume(Object key) {
    decrement(yielding, key);
    take(key);
  }

  private void take(Object key) {
    free--;
    used.merge(key, 1, Integer::sum);
  }

  private synchronized CompletableFuture<Void> enqueue(Object key) {
    var turn = new CompletableFuture<Void>();
    waiting.computeIfAbsent(key, absent -> new ArrayDeque<>()).add(turn);
    assignSlots();
    return turn;
  }

  private synchronized void release(Object key) {
    free++;
    decrement(used, key);
    assignSlots();
  }

  private static void decrement(Map<Object, Integer> counts, Object key) {
    counts.computeIfPresent(key, (known, count) -> count == 1 ? null : Integer.valueOf(count - 1));
  }

  private void assignSlots() {
    while (free > 0) {
      var next = waiting.keySet().stream().filter(this::mayGetSlot).findFirst();
      if (next.isEmpty()) return;
      assignSlot(next.get());
    }
  }

  private boolean mayGetSlot(Object key) {
    int running = used.getOrDefault(key, 0);
    return running < slotsPerKey && running + yielding.getOrDefault(key, 0) < THREADS_PER_KEY_MAX;
  }

  private void assignSlot(Object key) {
    var turns = waiting.remove(key);
    take(key);
    turns.remove().complete(null);
    if (!turns.isEmpty()) waiting.put(key, turns); // The other keys come first.
  }
}
