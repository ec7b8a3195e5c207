package io.agentledger.gateway.session.playback;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Part of a session to play back, and its pace; null is the default.
 *
 * @param after sequence of the event after which it starts; the beginning by default
 * @param from time of the first event, instead of {@code after}
 * @param until sequence of the last event; the newest one by default
 * @param speed multiple of the original speed; 1 by default
 * @param maxGapMs original pauses are shortened to this, in milliseconds; not by default
 */
record PlaybackParams(
    @Nullable Long after,
    @Nullable Instant from,
    @Nullable Long until,
    @Nullable Double speed,
    @Nullable Integer maxGapMs) {
  static final double SPEED_MIN = 0.1;
  static final double SPEED_MAX = 1_000;
  static final int MAX_GAP_MS_MAX = 3_600_000;

  /** Rejects values that are not permitted; not at construction, where Jackson hides the cause. */
  void requireValid() {
    if (after != null && after < 0)
      throw InvalidRequestException.parameter("after", "must be a whole number from 0");
    if (after != null && from != null)
      throw InvalidRequestException.parameter("from", "must not be given together with after");
    if (until != null && until < 1)
      throw InvalidRequestException.parameter("until", "must be a whole number from 1");
    if (until != null && after != null && until < after)
      throw InvalidRequestException.parameter("until", "must not be less than after");
    if (speed != null && !(speed >= SPEED_MIN && speed <= SPEED_MAX))
      throw InvalidRequestException.parameter("speed", "must be 0.1 to 1000");
    if (maxGapMs != null && (maxGapMs < 0 || maxGapMs > MAX_GAP_MS_MAX))
      throw InvalidRequestException.parameter("max_gap_ms", "must be 0 to " + MAX_GAP_MS_MAX);
  }

  /** Returns how long after {@code previous} an event is played. */
  Duration gap(Instant previous, Instant at) {
    var gap = Duration.between(previous, at);
    if (gap.isNegative()) return Duration.ZERO; // The clock was set back.
    if (maxGapMs != null && gap.toMillis() > maxGapMs) gap = Duration.ofMillis(maxGapMs);
    return Duration.ofNanos((long) (gap.toNanos() / (speed == null ? 1 : speed)));
  }
}
