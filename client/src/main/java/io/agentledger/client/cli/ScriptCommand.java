package io.agentledger.client.cli;

import io.agentledger.client.support.ServiceUnavailableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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

  /** Stops the service. */
  @Command(
      name = "stop",
      description = "Stops the service. Runs in progress resume on the next start.")
  static final class Stop extends ScriptCommand {}
}
