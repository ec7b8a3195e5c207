package io.agentledger.command.claude.process;

import io.agentledger.api.ops.SandboxLevel;
import java.nio.file.Path;
import java.util.Optional;

/** The real CLI without a sandbox. */
class RealCliContractTest extends ClaudeProcessContractTest {
  @Override
  CliTestProcess startProcess(Path home) throws Exception {
    return new CliTestProcess(home, InstalledCli.real(), level()).withModel();
  }

  Optional<SandboxLevel> level() {
    return Optional.of(SandboxLevel.NONE);
  }
}
