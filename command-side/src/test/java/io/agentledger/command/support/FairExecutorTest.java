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
    await().atMost(TIMEOUT).until(() -> lock.getQueueLength() == 8);
    start(executor, "other", "of other").complete(null);
    awaitStarted("of other");
    assertThat(lock.getQueueLength()).isEqualTo(8);
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

  @Test
  void partsOfAKeyTakeTurns() {
    var executor = new FairExecutor(2, 1);
    var first = start(executor, "tenant", "1");
    awaitStarted("1");
    start(executor, "tenant", "2").complete(null);
    start(executor, "tenant", "3").complete(null);
    executor.forKey("tenant", "other part").execute(() -> started.add("of other part"));
    first.complete(null);
    awaitStarted("1", "2", "of other part", "3");
  }

  @Test
  void operationsThatHaveWaitedForALockStayWithinTheLimits() throws Exception {
    var executor = new FairExecutor(2, 1);
    var lock = new ReentrantLock();
    lock.lock();
    var end = new CompletableFuture<Void>();
    for (int i = 0; i < 8; i++)
      executor
          .forKey("locked")
          .execute(
              () -> {
                FairExecutor.yieldWhile(
                    () -> {
                      lock.lock();
                      lock.unlock();
                    });
                started.add("locked");
                end.join();
              });
    await().atMost(TIMEOUT).until(() -> lock.getQueueLength() == 8);
    lock.unlock();
    awaitStarted("locked");
    start(executor, "other", "of other").complete(null);
    awaitStarted("locked", "of other");
    end.complete(null);
    await().atMost(TIMEOUT).until(() -> started.size() == 9);
  }

  @Test
  void operationThatHasWaitedComesBeforeThoseThatHaveNotBegun() {
    var executor = new FairExecutor(1, 1);
    var lock = new ReentrantLock();
    lock.lock();
    executor
        .forKey("key")
        .execute(
            () -> {
              FairExecutor.yieldWhile(
                  () -> {
                    lock.lock();
                    lock.unlock();
                    started.add("unlocked");
                  });
              started.add("resumed");
            });
    await().atMost(TIMEOUT).until(() -> lock.getQueueLength() == 1);
    var running = start(executor, "key", "running");
    awaitStarted("running");
    start(executor, "key", "next").complete(null);
    lock.unlock();
    await().atMost(TIMEOUT).until(() -> executor.waitingCount() == 2);
    running.complete(null);
    awaitStarted("running", "unlocked", "resumed", "next");
  }

  @Test
  void cancelledOperationsLeaveTheQueue() {
    var executor = new FairExecutor(1, 1);
    var running = start(executor, "key", "running");
    for (int i = 0; i < 1000; i++)
      CancellableOperation.submit(() -> started.add("cancelled"), executor.forKey("key"))
          .cancel(false);
    assertThat(executor.waitingCount()).isLessThan(100);
    var last = CancellableOperation.submit(() -> started.add("last"), executor.forKey("key"));
    running.complete(null);
    assertThat(last).succeedsWithin(TIMEOUT);
    assertThat(started).containsExactly("running", "last");
  }

  @Test
  void timeInTheQueueIsKnown() {
    var executor = new FairExecutor(1, 1);
    var running = start(executor, "key", "running");
    awaitStarted("running");
    long beforeNanos = System.nanoTime();
    var queueTime = CancellableOperation.submit(FairExecutor::queueTime, executor.forKey("key"));
    await().atMost(TIMEOUT).until(() -> System.nanoTime() - beforeNanos > 50_000_000);
    running.complete(null);
    assertThat(queueTime)
        .succeedsWithin(TIMEOUT)
        .satisfies(time -> assertThat(time).isGreaterThan(Duration.ofMillis(40)));
  }
}
