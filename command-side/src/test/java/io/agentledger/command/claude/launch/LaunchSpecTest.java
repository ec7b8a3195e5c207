package io.agentledger.command.claude.launch;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.Thinking;
import io.agentledger.command.claude.launch.LaunchSpec.SystemPrompt;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LaunchSpecTest {
  /** A constant, because maps may have another order in each process of the service. */
  @Test
  void hashIsStableOverRestarts() {
    var spec =
        new LaunchSpec(
            List.of("Read"),
            Optional.empty(),
            "default",
            SystemPrompt.DEFAULT,
            OptionalInt.empty(),
            Optional.empty(),
            Optional.empty(),
            new Thinking.Standard(),
            false,
            List.of("PreToolUse", "PostToolUse", "Stop"),
            List.of(),
            LaunchOptions.NONE,
            SandboxLevel.NONE,
            "");
    assertThat(spec.hash())
        .as("processes that live are ended by a restart if it changes")
        .isEqualTo("9ff24c11cb04e181f456a35bf9a36b08");
  }
}
