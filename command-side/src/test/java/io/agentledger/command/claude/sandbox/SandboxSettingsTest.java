package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import org.junit.jupiter.api.Test;

class SandboxSettingsTest {
  private static final SandboxSettings OPERATORS = SandboxSettings.DEFAULT;

  @Test
  void anEnvironmentTakesAwayAndNeverGives() {
    var less = OPERATORS.within(new Limits(1024, 128, 1));
    assertThat(less.memoryMib()).isEqualTo(1024);
    assertThat(less.processes()).isEqualTo(128);
    assertThat(less.diskMib()).isEqualTo(OPERATORS.diskMib());
    assertThat(OPERATORS.within(new Limits(1_000_000, 60_000, 1))).isEqualTo(OPERATORS);
    assertThat(OPERATORS.within(new Limits(0, 0, 0))).isEqualTo(OPERATORS);
  }
}
