package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SupervisionClockTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final MachineClock machine = new MachineClock();
  private final SupervisionClock clock = new SupervisionClock(machine);

  @Test
  void timeThatIsReadRegularlyCounts() {
    for (int tick = 0; tick < 120; tick++) {
      machine.now = machine.now.plusMillis(500);
      clock.instant();
    }
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void gapCountsAsOneStep() {
    machine.now = machine.now.plus(Duration.ofHours(2));
    assertThat(clock.instant()).isEqualTo(START.plus(SupervisionClock.STEP_MAX));
    machine.now = machine.now.plusSeconds(1);
    Instant afterwards = clock.instant();
    assertThat(afterwards).isEqualTo(START.plus(SupervisionClock.STEP_MAX).plusSeconds(1));
    assertThat(clock.toMachineTime(afterwards)).isEqualTo(machine.now);
  }

  @Test
  void clockThatIsSetBackDoesNotTurnTimeBack() {
    machine.now = machine.now.minus(Duration.ofHours(2));
    assertThat(clock.instant()).isEqualTo(START);
    machine.now = machine.now.plusSeconds(1);
    assertThat(clock.instant()).isEqualTo(START.plusSeconds(1));
  }

  private static final class MachineClock extends Clock {
    private Instant now = START;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
