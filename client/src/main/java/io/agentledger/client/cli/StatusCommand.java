package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code agentledger status}: says what the service is and what it runs agents with. */
@Command(name = "status", description = "Says where the service is and what it runs agents with.")
final class StatusCommand implements Callable<Integer> {
  private final CliEnvironment cliEnvironment;

  StatusCommand(CliEnvironment cliEnvironment) {
    this.cliEnvironment = cliEnvironment;
  }

  @Override
  public Integer call() {
    try (var service = AgentledgerClient.at(cliEnvironment.service());
        var consoleOutput = cliEnvironment.screen()) {
      var status = service.status();
      row(
          consoleOutput,
          "service",
          service.address() + " (" + status.version() + revision(status.revision()) + ")");
      row(consoleOutput, "node", status.node());
      row(consoleOutput, "model", ConsoleFormat.upstream(status.upstream()));
      row(consoleOutput, "sandbox", status.sandbox().wireName() + because(status.sandboxReason()));
      row(consoleOutput, "claude cli", status.cliVersion());
      return ExitCode.OK;
    }
  }

  private static void row(ConsoleOutput consoleOutput, String name, String value) {
    consoleOutput.text(TextStyle.DIM, String.format("%-11s", name));
    consoleOutput.text(TextStyle.PLAIN, value);
    consoleOutput.fresh();
  }

  private static String revision(@Nullable String revision) {
    return revision == null ? "" : ", revision " + revision;
  }

  private static String because(@Nullable String reason) {
    return reason == null || reason.isEmpty() ? "" : " (" + reason + ")";
  }
}
