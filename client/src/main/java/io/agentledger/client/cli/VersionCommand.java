package io.agentledger.client.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code agentledger version}: says what this program is. */
@Command(name = "version", description = "Says which version this is.")
final class VersionCommand implements Callable<Integer> {
  private final CliEnvironment surroundings;

  VersionCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    var version =
        Objects.requireNonNullElse(
            VersionCommand.class.getPackage().getImplementationVersion(), "(not packaged)");
    var revision = surroundings.environment().get("AGENTLEDGER_REVISION");
    surroundings.out().println("agentledger " + version + (revision == null ? "" : " " + revision));
    return ExitCode.OK;
  }
}
