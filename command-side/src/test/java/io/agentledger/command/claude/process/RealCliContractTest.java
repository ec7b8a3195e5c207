package io.agentledger.command.claude.process;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.sandbox.SessionPaths;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/** The real CLI without a box. */
class RealCliContractTest extends ClaudeProcessContractTest {
  private FakeModel model;

  @Override
  CliTestProcess startProcess(Path home) throws Exception {
    CliTestProcess made = new CliTestProcess(home, InstalledCli.real(), level());
    model = new FakeModel(made.session.sockets().resolve(SessionPaths.MODEL_SOCKET));
    return made;
  }

  Optional<SandboxLevel> level() {
    return Optional.of(SandboxLevel.NONE);
  }

  FakeModel model() {
    return model;
  }

  @AfterEach
  void stopModel() {
    if (model != null) {
      model.close();
    }
  }
}
