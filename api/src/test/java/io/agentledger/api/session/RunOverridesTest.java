package io.agentledger.api.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunOverridesTest {
  private final RunOptions base =
      new RunOptions(
          "opus",
          PermissionMode.DEFAULT,
          List.of("Read"),
          List.of("Bash"),
          50,
          Duration.ofMinutes(5));

  @Test
  void absentOverridesKeepTheDefaults() {
    assertThat(RunOverrides.NONE.applyTo(base)).isEqualTo(base);
  }

  @Test
  void emptyListOverridesTheDefault() {
    var none = new RunOverrides(null, PermissionMode.PLAN, List.of(), null, 3, null);
    assertThat(none.applyTo(base))
        .isEqualTo(
            new RunOptions(
                "opus", PermissionMode.PLAN, List.of(), List.of("Bash"), 3, Duration.ofMinutes(5)));
  }
}
