package io.agentledger.command.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class FairExecutorTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final List<String> started = new CopyOnWriteArrayList<>();

  /** Starts an operation that ends when the returned future is completed. */
  private CompletableFuture<Void> start(FairExecutor executor, String key, String name) {
    var end = new CompletableFuture<Void>();
    executor
        .forKey(key)
        .execute(
            () -> {
              started.add(name);
              end.join();
            });
    return end;
  }

  private void awaitStarted(String... names) {
    await().atMost(TIMEOUT).untilAsserted(() -> assertThat(started).containsExactly(names));
  }

  @Test
  void oneKeyDoesNotGetAllSlots() {
    var executor = new FairExecutor(2, 1);
    var first = start(executor, "tenant", "first");
    awaitStarted("first");
    var second = start(executor, "tenant", "second");
    start(executor, "other", "of other").complete(null);
    awaitStarted("first", "of other");
    first.complete(null);
    awaitStarted("first", "of other", "second");
    second.complete(null);
  }

  @Test
  void keysTakeTurns() {
    var executor = new FairExecutor(1, 1);
    var first = start(executor, "tenant", "1");
    awaitStarted("1");
    for (var name : List.of("2", "3")) start(executor, "tenant", name).complete(null);
    start(executor, "other", "of other").complete(null);
    first.complete(null);
    awaitStarted("1", "2", "of other", "3");
  }

  @Test
  void waitForALockTakesNoSlot() {
    var executor = new FairExecutor(1, 1);
    var lock = new ReentrantLock();
    lock.lock();
    executor
        .forKey("locked")
        .execute(
            () -> {
              started.add("waiting");
              FairExecutor.yieldWhile(lock::lock);
              started.add("locked");
              lock.unlock();
            });
    awaitStarted("waiting");
    start(executor, "other", "of other").complete(null);
    awaitStarted("waiting", "of other");
    lock.unlock();
    awaitStarted("waiting", "of other", "locked");
  }

  @Test
  void fewOperationsOfAKeyWaitForALockAtATime() {
    var executor = new FairExecutor(4, 3);
    var lock = new ReentrantLock();
    lock.lock();
    for (int i = 0; i < 40; i++)
      executor
          .forKey("locked")
          .execute(
              () -> {
                FairExecutor.yieldWhile(lock::lock);
                started.add("locked");
                lock.unlock();
              });
    await().atMost(TIMEOUT).until(() -> lock.getQueueLength() == 16);
    start(executor, "other", "of other").complete(null);
    awaitStarted("of other");
    assertThat(lock.getQueueLength()).isEqualTo(16);
    lock.unlock();
    await().atMost(TIMEOUT).until(() -> started.size() == 41);
  }

  @Test
  void failedOperationReleasesItsSlot() {
    var executor = new FairExecutor(1, 1);
    executor
        .forKey("key")
        .execute(
            () -> {
              throw new IllegalStateException("failed");
            });
    start(executor, "key", "next").complete(null);
    awaitStarted("next");
  }
}
