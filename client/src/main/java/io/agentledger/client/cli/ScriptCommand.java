package io.agentledger.client.cli;

import io.agentledger.client.support.ServiceUnavailableException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Descriptions of the commands that the script {@code agentledger} executes itself, because they
 * need no JVM or another one.
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

  /** In the foreground. */
  @Command(name = "serve", description = "Runs the service in the foreground.")
  static final class Serve extends ScriptCommand {}

  /** In the background. */
  @Command(name = "start", description = "Starts the service in the background, if none runs.")
  static final class Start extends ScriptCommand {}

  /** Ends it. */
  @Command(name = "stop", description = "Stops the service; agents at work are taken up again.")
  static final class Stop extends ScriptCommand {}
}
