package io.agentledger.command.claude.process;

import io.agentledger.command.claude.sandbox.CliInstallation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The installed CLI that tests drive. */
final class InstalledCli {
  private InstalledCli() {}

  static CliInstallation real() throws IOException {
    return CliInstallation.find(Optional.empty(), Path.of("..").toRealPath());
  }
}
