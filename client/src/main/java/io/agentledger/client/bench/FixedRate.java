package io.agentledger.client.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Requests that are sent when they are due, whether or not the service keeps up. */
final class FixedRate {
  /** A response that takes longer counts as none. */
  private static final Duration RESPONSE_MAX = Duration.ofSeconds(5);

  private FixedRate() {}

  /**
   * Sends requests.
   *
   * @param requests by number, from 0
   * @return milliseconds from the moment at which each was due to its success; NaN without one
   */
  static double[] send(int perSecond, int count, IntFunction<BenchRequest> requests)
      throws InterruptedException {
    List<Future<Double>> answers = new ArrayList<>();
    try (var threads = Executors.newCachedThreadPool()) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = start + i * 1_000_000_000L / perSecond;
        awaitDue(due);
        BenchRequest request = requests.apply(i).withTimeout(RESPONSE_MAX);
        answers.add(threads.submit(() -> millisOf(request, due)));
      }
    }
    return answers.stream().mapToDouble(Future::resultNow).toArray();
  }

  private static double millisOf(BenchRequest request, long due) {
    long sent = System.nanoTime();
    boolean isAnswered = request.isAnswered();
    long end = System.nanoTime();
    return isAnswered && end - sent <= RESPONSE_MAX.toNanos() ? (end - due) / 1e6 : Double.NaN;
  }

  /** Waits until a time of {@link System#nanoTime}; not if it has passed. */
  static void awaitDue(long nanos) throws InterruptedException {
    long early = nanos - System.nanoTime();
    if (early > 0) Thread.sleep(Duration.ofNanos(early));
  }
}
