package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SupervisionClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private Instant now = START;
  private final Clock machine = ((InstantSource) () -> now).withZone(ZoneOffset.UTC);
  private final SupervisionClock clock = new SupervisionClock(machine);

  @Test
  void timeThatIsReadRegularlyCounts() {
    for (int tick = 0; tick < 120; tick++) {
      now = now.plusMillis(500);
      clock.instant();
    }
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void gapCountsAsOneStep() {
    now = now.plus(Duration.ofHours(2));
    assertThat(clock.instant()).isEqualTo(START.plus(SupervisionClock.STEP_MAX));
    now = now.plusSeconds(1);
    Instant afterwards = clock.instant();
    assertThat(afterwards).isEqualTo(START.plus(SupervisionClock.STEP_MAX).plusSeconds(1));
    assertThat(clock.toMachineTime(afterwards)).isEqualTo(now);
  }

  @Test
  void clockThatIsSetBackDoesNotTurnTimeBack() {
    now = now.minus(Duration.ofHours(2));
    assertThat(clock.instant()).isEqualTo(START);
    now = now.plusSeconds(1);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
  }
}
