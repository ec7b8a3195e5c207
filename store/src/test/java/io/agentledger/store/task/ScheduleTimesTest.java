package io.agentledger.store.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.task.TaskSchedule.Timing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTimesTest {
  private static List<String> times(Timing timing, String after, int count) {
    var times = new ArrayList<String>();
    var next = ScheduleTimes.findNext(timing, Instant.parse(after));
    while (next.isPresent() && times.size() < count) {
      times.add(next.get().toString());
      next = ScheduleTimes.findNext(timing, next.get());
    }
    return times;
  }

  private static Timing cron(String expression, String zone) {
    return new Timing.Cron(expression, zone);
  }

  @Test
  void cronFollowsTheClockOfItsTimeZone() {
    assertThat(times(cron("0 9 * * MON-FRI", "Europe/Berlin"), "2026-03-27T09:00:00Z", 2))
        .as("winter time ends on Sunday, 29 March")
        .containsExactly("2026-03-30T07:00:00Z", "2026-03-31T07:00:00Z");
    assertThat(times(cron("0 9 * * MON-FRI", "Europe/Berlin"), "2026-10-23T08:00:00Z", 1))
        .as("summer time ends on Sunday, 25 October")
        .containsExactly("2026-10-26T08:00:00Z");
  }

  @Test
  void timeInTheGapOfTheChangeToSummerTimeIsMovedByItsLength() {
    assertThat(times(cron("30 2 * * *", "Europe/Berlin"), "2026-03-28T02:00:00Z", 2))
        .containsExactly("2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z");
  }

  @Test
  void timeThatTheChangeToWinterTimeRepeatsStartsOneExecution() {
    assertThat(times(cron("30 2 * * *", "Europe/Berlin"), "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
  }

  @Test
  void everyHourContinuesThroughBothChanges() {
    assertThat(times(cron("0 * * * *", "Europe/Berlin"), "2026-03-29T00:00:00Z", 2))
        .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
    assertThat(times(cron("0 * * * *", "Europe/Berlin"), "2026-10-25T00:00:00Z", 2))
        .containsExactly("2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z");
  }

  @Test
  void impossibleDateHasNoTimes() {
    assertThat(times(cron("0 0 30 2 *", "UTC"), "2026-01-01T00:00:00Z", 1)).isEmpty();
  }

  @Test
  void intervalKeepsItsDistanceFromItsStart() {
    var interval = new Timing.Interval(90, Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(times(interval, "2025-12-31T00:00:00Z", 1)).containsExactly("2026-01-01T00:01:30Z");
    assertThat(times(interval, "2026-01-01T00:01:30Z", 2))
        .containsExactly("2026-01-01T00:03:00Z", "2026-01-01T00:04:30Z");
    assertThat(times(interval, "2026-01-01T00:01:31Z", 1)).containsExactly("2026-01-01T00:03:00Z");
  }

  @Test
  void singleTimeIsNotRepeated() {
    var once = new Timing.Once(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(times(once, "2025-12-31T23:59:59Z", 2)).containsExactly("2026-01-01T00:00:00Z");
    assertThat(times(new Timing.None(), "2026-01-01T00:00:00Z", 1)).isEmpty();
  }

  @Test
  void lastTimesAreBounded() {
    var minutes = cron("* * * * *", "UTC");
    assertThat(
            ScheduleTimes.findLast(
                minutes,
                Instant.parse("2025-01-01T00:00:00Z"),
                Instant.parse("2026-01-01T00:00:30Z"),
                2))
        .map(Instant::toString)
        .containsExactly("2025-12-31T23:59:00Z", "2026-01-01T00:00:00Z");
    var interval = new Timing.Interval(10, Instant.parse("1990-01-01T00:00:00Z"));
    assertThat(
            ScheduleTimes.findLast(
                interval, interval.from(), Instant.parse("2026-01-01T00:00:09Z"), 2))
        .map(Instant::toString)
        .containsExactly("2025-12-31T23:59:50Z", "2026-01-01T00:00:00Z");
  }
}
