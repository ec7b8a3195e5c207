package io.agentledger.client.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code agentledger version}: says what this program is. */
@Command(name = "version", description = "Says which version this is.")
final class VersionCommand implements Callable<Integer> {
  private final CliEnvironment cliEnvironment;

  VersionCommand(CliEnvironment cliEnvironment) {
    this.cliEnvironment = cliEnvironment;
  }

  @Override
  public Integer call() {
    var version =
        Objects.requireNonNullElse(
            VersionCommand.class.getPackage().getImplementationVersion(), "(not packaged)");
    var revision = cliEnvironment.environment().get("AGENTLEDGER_REVISION");
    cliEnvironment
        .out()
        .println("agentledger " + version + (revision == null ? "" : " " + revision));
    return ExitCode.OK;
  }
}
