package io.agentledger.command.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final Instant START = Instant.parse("2026-11-24T00:00:00Z");

  private static List<Duration> attempts(double random, Duration retryAfter) {
    var schedule = new RetrySchedule(() -> random);
    var attempts = new ArrayList<Duration>();
    Optional<Instant> next = Optional.of(START);
    for (int tries = 1; next.isPresent(); tries++) {
      attempts.add(Duration.between(START, next.get()));
      next = schedule.findNext(tries, START, next.get(), retryAfter);
    }
    return attempts;
  }

  @Test
  void delaysGrowForThreeDays() {
    var attempts = attempts(0, Duration.ZERO);
    assertThat(attempts.subList(0, 4))
        .containsExactly(
            Duration.ZERO, Duration.ofSeconds(5), Duration.ofSeconds(65), Duration.ofSeconds(365));
    assertThat(attempts.getLast()).isBetween(Duration.ofHours(60), Duration.ofDays(3));
    assertThat(attempts).hasSize(12);
  }

  @Test
  void delaysAreUpToAFifthLonger() {
    assertThat(attempts(0.5, Duration.ZERO).get(1)).isEqualTo(Duration.ofMillis(5_500));
  }

  @Test
  void targetMayAskForALongerDelayUpToHalfADay() {
    assertThat(attempts(0, Duration.ofMinutes(10)).subList(1, 3))
        .containsExactly(Duration.ofMinutes(10), Duration.ofMinutes(20));
    assertThat(attempts(0, Duration.ofDays(300)).get(1)).isEqualTo(Duration.ofHours(12));
  }
}
