package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.environment.EnvironmentCommand.ChangeEnvironment;
import io.agentledger.api.environment.EnvironmentCommand.CreateEnvironment;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.environment.EnvironmentNotes;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.session.AgentOverrides;
import io.agentledger.api.session.AgentSetup;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.command.claude.sandbox.Sandbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assumptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;

/** The real CLI has the limits and variables of its session's environment. */
@TestPropertySource(properties = "agentledger.sandbox.disk-check-interval=200ms")
@Import(EnvironmentRunIT.OperatorConfiguration.class)
class EnvironmentRunIT extends RunnerTestSupport {
  private static final RunOverrides BASH =
      new RunOverrides(null, null, List.of("Bash"), null, null, null);
  private static final Map<String, String> SERVICE =
      Map.of("GREETING", "hello", "REGION", "north", "SECRET", "of the service");

  @TestConfiguration
  static class OperatorConfiguration {
    /** The operator passes two of the service's variables on. */
    @Bean
    VariablePassthrough passing() {
      return new VariablePassthrough(Set.of("GREETING", "REGION"), SERVICE::get);
    }
  }

  @Autowired Sandbox sandbox;

  private EnvironmentId createEnvironment(Limits limits, String... variables) {
    var definition =
        new EnvironmentDefinition(new Network.Closed(), limits, List.of(variables), List.of());
    var id = EnvironmentId.next();
    return send(new CreateEnvironment(id, id.value(), definition, EnvironmentNotes.NONE, null));
  }

  private void openIn(@Nullable EnvironmentId environment, Map<String, String> own) {
    this.environment = environment;
    var setup = new AgentSetup("default", List.of(), List.of(), List.of(), Map.of(), own);
    open(BASH, new AgentOverrides(null, null, null, setup), new SessionOrigin.Fresh());
  }

  private void bash(String command) {
    submitQuery(
        """
        ```rehearsal
        - calls:
            - tool: Bash
              input: {command: '%s', description: try}
        - say: "Done."
        ```
        """
            .formatted(command));
  }

  private String output(String command) throws IOException {
    int before = events(RunCompleted.class).size();
    bash(command);
    awaitEvents(RunCompleted.class, before + 1);
    return workspaceFile("out").strip();
  }

  @Tag("exhaustive")
  @Test
  void memoryLimitOfTheEnvironmentAppliesToItsAgents() throws IOException {
    Assumptions.assumeThat(sandbox.resourceLimiter().describeUnenforced())
        .as("control groups")
        .noneMatch(text -> text.startsWith("memory"));
    var hungry =
        "perl -e \"\\$x = chr(120) x 900_000_000; print qq(FITS)\" >out 2>&1; echo $? >>out";
    openShared(() -> openIn(null, Map.of()));
    assertThat(output(hungry)).isEqualTo("FITS0");
    openIn(createEnvironment(new Limits(768, 0, 0)), Map.of());
    assertThat(output(hungry)).isEqualTo("137");
  }

  @Test
  void processLimitOfTheEnvironmentAppliesToItsAgents() throws IOException {
    var many =
        "perl -e \"for (1..200) { \\$p = fork; last unless defined \\$p;"
            + " if (!\\$p) { sleep 3; exit } \\$n++ } print \\$n\" >out; echo >>out;"
            + " ulimit -u >>out";
    openShared(() -> openIn(null, Map.of()));
    assertThat(output(many)).startsWith("200\n");
    openIn(createEnvironment(new Limits(0, 96, 0)), Map.of());
    var lines = output(many).lines().toList();
    assertThat(Integer.parseInt(lines.getFirst())).isLessThan(96);
    assertThat(lines.getLast()).isEqualTo("96");
  }

  @Test
  void workspaceOverItsLimitEndsTheRunWithTheReason() {
    openIn(createEnvironment(new Limits(0, 0, 2)), Map.of());
    bash("truncate -s 5M big; sleep 60"); // At once, so that no part of it is measured.
    var failed = awaitEvent(RunFailed.class);
    assertThat(failed.failure()).isEqualTo(Failure.LIMIT);
    assertThat(sealer.open(session, RunFailed.class, "error", failed.error()))
        .startsWith("The workspace used 5 MiB on disk; the limit is 2 MiB");
  }

  @Test
  void onlyPermittedVariablesPassAndSessionVariablesOverride() throws IOException {
    var seen = "echo \"[$GREETING][$REGION][$SECRET]\" >out";
    openIn(createEnvironment(new Limits(0, 0, 0), "GREETING"), Map.of());
    assertThat(output(seen)).isEqualTo("[hello][][]");
    openIn(createEnvironment(new Limits(0, 0, 0), "GREETING", "REGION"), Map.of("REGION", "south"));
    assertThat(output(seen)).isEqualTo("[hello][south][]");
    openShared(() -> openIn(null, Map.of()));
    assertThat(output(seen)).isEqualTo("[][][]");
  }

  @Test
  void variablesReachCommandsAndOfThemTheCliHasItsOwnSettingsOnly() throws IOException {
    Assumptions.assumeThat(sandbox.isEnabled()).isTrue();
    var own = new HashMap<>(Map.of("MARK", "a \n'value'", "TZ", "Asia/Tokyo"));
    var steering =
        List.of(
            "LD_PRELOAD",
            "NODE_OPTIONS",
            "BUN_OPTIONS",
            "BUN_INSPECT",
            "ANTHROPIC_BASE_URL",
            "ANTHROPIC_MODEL",
            "CLAUDE_CODE_SHELL_PREFIX",
            "CLAUDE_CODE_USE_BEDROCK",
            "HTTPS_PROXY",
            "PATH",
            "BASH_ENV");
    steering.forEach(name -> own.put(name, "/workspace/hostile"));
    openIn(createEnvironment(new Limits(0, 0, 0), "GREETING"), own);

    assertThat(output("echo \"[$MARK][$GREETING][$TZ]\" >out; env >>out"))
        .startsWith("[a \n'value'][hello][Asia/Tokyo]")
        .doesNotContain("hostile");
    var cli =
        Files.readString(Path.of("/proc", Long.toString(cliOf(session)), "environ")).split("\0");
    assertThat(cli)
        .contains("TZ=Asia/Tokyo", "ANTHROPIC_BASE_URL=http://model", "PATH=" + Sandbox.CLI_PATH)
        .contains("CLAUDE_CODE_SHELL_PREFIX=/opt/agentledger/shell-sandbox")
        .noneMatch(entry -> entry.contains("hostile"))
        .noneMatch(entry -> entry.startsWith("MARK=") || entry.startsWith("GREETING="));
  }

  @Test
  void openSessionKeepsItsEnvironmentVersion() throws IOException {
    var id = createEnvironment(new Limits(0, 96, 0), "GREETING");
    openIn(id, Map.of());
    send(
        new ChangeEnvironment(
            id, id.value(), EnvironmentDefinition.DEFAULT, EnvironmentNotes.NONE, 1));
    assertThat(output("echo \"[$GREETING]\" $(ulimit -u) >out")).isEqualTo("[hello] 96");
  }
}
