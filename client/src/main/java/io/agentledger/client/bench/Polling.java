package io.agentledger.client.bench;

import io.agentledger.client.support.ServiceUnavailableException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** Repeated reads until one is the expected one; a benchmark fails instead of waiting for ever. */
final class Polling {
  private static final Duration WAIT_MAX = Duration.ofMinutes(10);

  private Polling() {}

  /**
   * Returns the first expected answer.
   *
   * @param pause between two reads
   * @throws ServiceUnavailableException with the last answer if there is none within ten minutes
   */
  static <T> T await(Duration pause, Callable<T> read, Predicate<T> isExpected) throws Exception {
    long deadline = System.nanoTime() + WAIT_MAX.toNanos();
    for (T answer = read.call(); ; answer = read.call()) {
      if (isExpected.test(answer)) return answer;
      if (System.nanoTime() > deadline)
        throw new ServiceUnavailableException("The benchmark does not go on: " + answer);
      Thread.sleep(pause);
    }
  }
}
