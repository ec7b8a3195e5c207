package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Command that calls the running service and prints the result. */
abstract class ServiceCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  CommandSpec spec;

  final CliEnvironment environment() {
    return ((AgentledgerCli) spec.root().userObject()).environment();
  }

  @Override
  public final Integer call() {
    try (var service = environment().connect();
        var output = environment().standardOutput()) {
      return execute(service, output);
    }
  }

  /** Returns the exit status of the program. */
  abstract int execute(AgentledgerClient service, ConsoleOutput output);
}
