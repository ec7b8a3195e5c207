package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import org.junit.jupiter.api.Test;

class SandboxSettingsTest {
  private static final SandboxSettings OPERATOR_SETTINGS = SandboxSettings.DEFAULT;

  @Test
  void environmentOnlyNarrowsTheSandbox() {
    var less = OPERATOR_SETTINGS.withEnvironmentLimits(new Limits(1024, 128, 1));
    assertThat(less.memoryMib()).isEqualTo(1024);
    assertThat(less.processes()).isEqualTo(128);
    assertThat(less.diskMib()).isEqualTo(OPERATOR_SETTINGS.diskMib());
    assertThat(OPERATOR_SETTINGS.withEnvironmentLimits(new Limits(1_000_000, 60_000, 1)))
        .isEqualTo(OPERATOR_SETTINGS);
    assertThat(OPERATOR_SETTINGS.withEnvironmentLimits(new Limits(0, 0, 0)))
        .isEqualTo(OPERATOR_SETTINGS);
  }
}
