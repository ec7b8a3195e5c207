package io.agentledger.command.subscription;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Times of the attempts of a delivery: with growing delays for three days after the first one. Each
 * delay is up to 20 % longer, so that the deliveries of an outage do not return at once.
 *
 * @param random [0..1)
 */
record RetrySchedule(DoubleSupplier random) {
  static final Duration RETRIES_DURATION = Duration.ofDays(3);

  private static final double JITTER = 0.2;

  /** Delays after the first attempts; the last one repeats. */
  private static final List<Duration> DELAYS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(6),
          Duration.ofHours(12));

  private static final Duration DELAY_MAX = DELAYS.getLast();

  /**
   * Returns the time of the next attempt; empty if none follows.
   *
   * @param tries number of failed attempts, from 1
   * @param firstTryAt time of the first one
   * @param retryAfter shortest delay that the target asks for, up to 12 h
   */
  Optional<Instant> findNext(int tries, Instant firstTryAt, Instant now, Duration retryAfter) {
    var delay = DELAYS.get(Math.min(tries, DELAYS.size()) - 1);
    var asked = retryAfter.compareTo(DELAY_MAX) > 0 ? DELAY_MAX : retryAfter;
    if (asked.compareTo(delay) > 0) delay = asked;
    long jitterMillis = (long) (delay.toMillis() * JITTER * random.getAsDouble());
    var next = now.plus(delay).plusMillis(jitterMillis);
    return next.isAfter(firstTryAt.plus(RETRIES_DURATION)) ? Optional.empty() : Optional.of(next);
  }
}
