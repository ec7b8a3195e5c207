package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.api.session.Thinking;
import io.agentledger.command.claude.box.SessionTree;
import io.agentledger.command.claude.process.LaunchSpec.SystemPrompt;
import io.agentledger.command.claude.protocol.ClaudeMessage.Finished;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a session wishes reaches the model, through the real CLI. */
class OptionsContractTest {
  @TempDir Path home;
  private CliRig rig;
  private ModelStandIn model;

  @AfterEach
  void end() throws Exception {
    rig.close();
    model.close();
  }

  private static LaunchSpec spec(SystemPrompt prompt, Thinking thinking, String... tools) {
    return new LaunchSpec(
        List.of(tools),
        Optional.of("claude-opus-4-6"),
        "low",
        prompt,
        OptionalInt.of(3),
        Optional.empty(),
        Optional.of("claude-haiku-4-5"),
        thinking,
        false,
        List.of(),
        List.of(),
        SandboxLevel.NONE);
  }

  /** What the model is asked when it is prompted. */
  private JsonNode asked(LaunchSpec spec) throws Exception {
    rig = new CliRig(home, Cli.real(), Optional.of(SandboxLevel.NONE));
    model = new ModelStandIn(rig.session.sockets().resolve(SessionTree.MODEL_SOCKET));
    rig.start(spec);
    rig.prompt("say hello");
    assertThat(rig.await(Finished.class).isError()).isFalse();
    return new JsonMapper().readTree(model.requests.getLast());
  }

  @Test
  void aSystemPromptReplacesTheCliesOwnAndNoToolIsNone() throws Exception {
    var replaced =
        new SystemPrompt(SystemPrompt.Kind.REPLACE, "You are a parrot. " + "ü".repeat(9));
    var request = asked(spec(replaced, new Thinking.Disabled()));
    assertThat(request.path("system").toString()).contains("You are a parrot. üüü");
    assertThat(request.path("system").toString()).doesNotContain("software engineering");
    assertThat(model.offered).isEmpty();
    assertThat(request.path("model").asString()).isEqualTo("claude-opus-4-6");
    assertThat(request.path("thinking").path("type").asString("disabled")).isEqualTo("disabled");
  }

  @Test
  void aSystemPromptIsAddedAndTheToolsAreThoseThatAreNamed() throws Exception {
    var added = new SystemPrompt(SystemPrompt.Kind.APPEND, "Speak of parrots.");
    var request = asked(spec(added, new Thinking.Enabled(2048), "Read", "Bash"));
    assertThat(request.path("system").toString())
        .contains("Speak of parrots.")
        .contains("software engineering");
    assertThat(model.offered).containsExactlyInAnyOrder("Read", "Bash");
    assertThat(request.path("thinking").isMissingNode()).isFalse();
    assertThat(request.at("/output_config/effort").asString("")).isEqualTo("low");
    assertThat(AgentSnapshot.BUILT_IN_TOOLS).containsAll(model.offered);
  }
}
