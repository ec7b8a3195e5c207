package io.agentledger.command.claude.run;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Queue of the tasks of one supervisor's thread, in order. */
final class TaskQueue {
  private static final int BATCHES_MAX = 16;

  private final LinkedBlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(BATCHES_MAX);

  /** Task for the supervisor's thread. */
  interface Task {
    void run() throws IOException;
  }

  /** Adds a task. Thread-safe. */
  void put(Task task) {
    tasks.add(task);
  }

  /**
   * Adds a batch of output; waits while the queue is full, so that the reader does not get far
   * ahead.
   */
  void putBatch(Task task) throws IOException {
    try {
      room.acquire();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
    put(
        () -> {
          room.release();
          task.run();
        });
  }

  /** Returns the next task, or empty after the timeout. */
  Optional<Task> poll(long millis) throws InterruptedException {
    return Optional.ofNullable(tasks.poll(millis, TimeUnit.MILLISECONDS));
  }
}
