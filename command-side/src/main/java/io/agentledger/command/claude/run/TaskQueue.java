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

  /** Something to do there. */
  interface Task {
    void run() throws IOException;
  }

  /** For any thread. */
  void put(Task task) {
    tasks.add(task);
  }

  /** Waits for room: who reads must not run far ahead of what is done with it. */
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

  /** The next, if there is one in this time. */
  Optional<Task> poll(long millis) throws InterruptedException {
    return Optional.ofNullable(tasks.poll(millis, TimeUnit.MILLISECONDS));
  }
}
