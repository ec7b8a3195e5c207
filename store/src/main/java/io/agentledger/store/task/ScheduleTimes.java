package io.agentledger.store.task;

import io.agentledger.api.task.TaskSchedule.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/**
 * Times of a schedule. A cron expression follows the clock of its time zone: a time that the change
 * to daylight saving leaves out is moved by the length of the gap, and one that the change back
 * repeats counts once. Expressions for every hour are not affected: their times follow one another
 * by the hour.
 */
public final class ScheduleTimes {
  private static final String SECOND = "0 ";

  /** More than any change of a clock. */
  private static final Duration SHIFT_MAX = Duration.ofHours(4);

  private ScheduleTimes() {}

  /** Returns the first time after an instant; empty if there is none. */
  public static Optional<Instant> findNext(Timing timing, Instant after) {
    return switch (timing) {
      case Timing.None _ -> Optional.empty();
      case Timing.Cron cron -> findNext(cron, after);
      case Timing.Interval interval -> Optional.of(nextOf(interval, after));
      case Timing.Once once -> Optional.of(once.at()).filter(at -> at.isAfter(after));
    };
  }

  private static Optional<Instant> findNext(Timing.Cron cron, Instant after) {
    var expression = CronExpression.parse(SECOND + cron.expression());
    var zone = ZoneId.of(cron.timeZone());
    if (isEveryHour(cron)) {
      var next = expression.next(after.atZone(zone));
      return next == null ? Optional.empty() : Optional.of(next.toInstant());
    }
    var local = expression.next(LocalDateTime.ofInstant(after, zone).minus(SHIFT_MAX));
    while (local != null) {
      var next = local.atZone(zone).toInstant();
      if (next.isAfter(after)) return Optional.of(next);
      local = expression.next(local);
    }
    return Optional.empty();
  }

  /** Returns whether the times follow one another hour by hour, also while the clock changes. */
  private static boolean isEveryHour(Timing.Cron cron) {
    return cron.expression().split(" ")[1].startsWith("*");
  }

  private static Instant nextOf(Timing.Interval interval, Instant after) {
    long every = interval.everySeconds();
    long elapsed = Math.max(0, after.getEpochSecond() - interval.from().getEpochSecond());
    var candidate = interval.from().plusSeconds(elapsed / every * every);
    return candidate.isAfter(after) && elapsed >= every ? candidate : candidate.plusSeconds(every);
  }

  /**
   * Returns the last times between two instants, both included, oldest first.
   *
   * @param max maximum number of times
   */
  public static List<Instant> findLast(Timing timing, Instant from, Instant to, int max) {
    var start = from;
    if (timing instanceof Timing.Interval interval) {
      var earliest = to.minusSeconds(Math.multiplyExact(interval.everySeconds(), max + 1L));
      if (earliest.isAfter(start)) start = earliest;
    }
    var last = new ArrayDeque<Instant>();
    var next = findNext(timing, start.minusNanos(1));
    while (next.isPresent() && !next.get().isAfter(to)) {
      last.add(next.get());
      if (last.size() > max) last.removeFirst();
      next = findNext(timing, next.get());
    }
    return List.copyOf(last);
  }
}
