package io.agentledger.client.cli;

import io.agentledger.client.support.ServiceUnavailableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Describes a command that the script {@code agentledger} executes itself, because it needs no JVM
 * or a separate one.
 */
abstract class ScriptCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ServiceUnavailableException(
        spec.name() + " is a command of the script agentledger; use that.");
  }

  /** Runs the service in the foreground. */
  @Command(name = "serve", description = "Runs the service in the foreground.")
  static final class Serve extends ScriptCommand {}

  /** Starts the service in the background. */
  @Command(name = "start", description = "Starts the service in the background, if none runs.")
  static final class Start extends ScriptCommand {}

  /** Prints the log of the service. */
  @Command(name = "logs", description = "Prints the end of the service's log.")
  static final class Logs extends ScriptCommand {
    @Option(names = "-f", description = "Follows the log.")
    private boolean follow;

    @Option(names = "-n", paramLabel = "N", description = "Prints the last N lines, default 100.")
    private int lines;
  }
}
