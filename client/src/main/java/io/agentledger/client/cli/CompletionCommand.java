package io.agentledger.client.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code agentledger completion}: prints a script that completes commands in bash and zsh. */
@Command(
    name = "completion",
    description = "Prints completions for bash and zsh:  source <(agentledger completion)")
final class CompletionCommand implements Callable<Integer> {
  private final CliEnvironment environment;
  private final CommandLine program;

  CompletionCommand(CliEnvironment environment, CommandLine program) {
    this.environment = environment;
    this.program = program;
  }

  @Override
  public Integer call() {
    environment.out().print(AutoComplete.bash("agentledger", program));
    return ExitCode.OK;
  }
}
