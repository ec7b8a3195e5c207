package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import java.util.concurrent.Callable;

/** Command that calls the running service and prints the result. */
abstract class ServiceCommand implements Callable<Integer> {
  final CliEnvironment environment;

  ServiceCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public final Integer call() {
    try (var service = environment.connect();
        var output = environment.standardOutput()) {
      return execute(service, output);
    }
  }

  /** Returns the exit status of the program. */
  abstract int execute(AgentledgerClient service, ConsoleOutput output);
}
