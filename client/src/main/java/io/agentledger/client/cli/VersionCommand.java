package io.agentledger.client.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code agentledger version}: prints the version of this program. */
@Command(name = "version", description = "Prints the version.")
final class VersionCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  VersionCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    environment.out().println(text(environment));
    return ExitCode.OK;
  }

  static String text(CliEnvironment environment) {
    var version =
        Objects.requireNonNullElse(
            VersionCommand.class.getPackage().getImplementationVersion(), "(not packaged)");
    var revision = environment.variables().get("AGENTLEDGER_REVISION");
    return "agentledger " + version + (revision == null ? "" : " " + revision);
  }
}
