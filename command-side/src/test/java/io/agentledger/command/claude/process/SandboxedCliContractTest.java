package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.protocol.ClaudeInput;
import io.agentledger.command.claude.protocol.ClaudeMessage.Initialized;
import io.agentledger.command.claude.protocol.ClaudeMessage.PermissionRequest;
import io.agentledger.command.claude.protocol.ClaudeMessage.ResultMessage;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The real CLI in the highest level of the sandbox that this host supports. */
class SandboxedCliContractTest extends RealCliContractTest {

  @Override
  CliTestProcess startProcess(Path home) throws Exception {
    CliTestProcess made = super.startProcess(home);
    if (!made.sandbox.isEnabled()) {
      String message = "SANDBOX TESTS SKIPPED: no box on this host: " + made.sandbox.levelReason();
      System.err.println(message);
      made.close();
      Assumptions.abort(message);
    }
    return made;
  }

  @Override
  Optional<SandboxLevel> level() {
    return Optional.empty();
  }

  @Test
  void cliSeesOnlyTheSandboxsPaths() throws Exception {
    startShared()
        .prompt(
            PromptScript.useCommand(
                "Bash", "{\"command\":\"pwd; whoami; ls -d /work* /root; env\"}"));
    PermissionRequest request = rig.await(PermissionRequest.class);
    rig.process.send(ClaudeInput.allow(request.requestId(), request.input()));
    String result = rig.await(ResultMessage.class).result();
    assertThat(result).contains("/workspace").doesNotContain(sharedHome.toString());
    assertThat(result).doesNotContain("ANTHROPIC_UNIX_SOCKET", "ANTHROPIC_API_KEY", "BUN_");
  }

  @Test
  void shellCommandCannotReachTheCliItsConfigurationOrTheModel() throws Exception {
    String search =
        "ls -A ~ /run /opt/claude 2>/dev/null; for p in /proc/[0-9]*; do tr '\\\\0' ' ' < $p/cmdline; done";
    startShared().prompt(PromptScript.useCommand("Bash", "{\"command\":\"" + search + "\"}"));
    PermissionRequest request = rig.await(PermissionRequest.class);
    rig.process.send(ClaudeInput.allow(request.requestId(), request.input()));
    assertThat(rig.await(ResultMessage.class).result())
        .contains("/home/agent")
        .doesNotContain("--permission-prompt-tool", "/run:", "/opt/claude:");
  }

  @Test
  void firstInitNamesExactlyTheListedTools() throws Exception {
    start().prompt(PromptScript.sayCommand("hello"));
    assertThat(rig.await(Initialized.class).tools())
        .map(tool -> tool.equals("Task") ? "Agent" : tool)
        .containsExactlyInAnyOrderElementsOf(AgentSnapshot.BUILT_IN_TOOLS);
  }
}
