package io.agentledger.command.claude.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.concurrent.TimeUnit;

/**
 * Clock by which a supervisor measures the silence of its process. It must be read at least twice a
 * second, unless the process is idle. A longer gap, because the machine, the service or its
 * database stood still or the clock was set, is not the fault of the process: it counts as {@link
 * #STEP_MAX} at most.
 */
final class SupervisionClock extends Clock {
  static final Duration STEP_MAX = Duration.ofSeconds(2);

  private static final long CHECK_MILLIS = 500;
  private static final long IDLE_CHECK_MILLIS = 30_000;

  private final Clock clock;
  private Instant last;
  private Duration skipped = Duration.ZERO;
  private long checkedNanos = System.nanoTime();

  SupervisionClock(Clock clock) {
    this.clock = clock;
    this.last = clock.instant();
  }

  @Override
  public synchronized Instant instant() {
    Instant now = clock.instant();
    Duration step = Duration.between(last, now);
    if (step.isNegative()) {
      skipped = skipped.plus(step);
    } else if (step.compareTo(STEP_MAX) > 0) {
      skipped = skipped.plus(step.minus(STEP_MAX));
    }
    last = now;
    return now.minus(skipped);
  }

  /** Returns the time between two checks of a process. */
  static long checkMillis(boolean active) {
    return active ? CHECK_MILLIS : IDLE_CHECK_MILLIS;
  }

  /** Returns whether that time has passed since this method returned true last. */
  boolean isCheckDue(boolean active) {
    long now = System.nanoTime();
    if (now - checkedNanos < TimeUnit.MILLISECONDS.toNanos(checkMillis(active))) return false;
    checkedNanos = now;
    return true;
  }

  /** Returns the time of the machine's clock at which this clock showed the instant. */
  synchronized Instant toMachineTime(Instant instant) {
    return instant.plus(skipped);
  }

  @Override
  public ZoneId getZone() {
    return clock.getZone();
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return clock.withZone(zone);
  }
}
