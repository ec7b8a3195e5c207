package io.agentledger.command.task;

import io.agentledger.api.task.ExecutionOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Delays between the attempts of an execution: they double, with random jitter. */
final class RetryBackoff {
  private static final Duration DELAY_MAX = Duration.ofHours(1);

  private RetryBackoff() {}

  /**
   * Returns the time of the attempt after a failed one: the delay is 50 % to 100 % of the computed
   * one, at most an hour.
   */
  static Instant next(ExecutionOptions options, int failedAttempt, Instant now) {
    var delay = options.retryDelay().multipliedBy(1L << (failedAttempt - 1));
    long millis = Math.min(delay.toMillis(), DELAY_MAX.toMillis());
    return now.plusMillis(millis - ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }
}
