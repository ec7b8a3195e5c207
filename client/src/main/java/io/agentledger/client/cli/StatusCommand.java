package io.agentledger.client.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/**
 * {@code agentledger status}: shows the address and home of the service, its model upstream and its
 * sandbox.
 */
@Command(
    name = "status",
    description = "Shows the address, home, model upstream and sandbox level of the service.")
final class StatusCommand implements Callable<Integer> {
  private final CliEnvironment environment;

  StatusCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    try (var service = environment.connect();
        var output = environment.standardOutput()) {
      var status = service.status();
      printRow(
          output,
          "service",
          service.config() + " (" + status.version() + formatRevision(status.revision()) + ")");
      environment.localHome().ifPresent(home -> printRow(output, "home", home));
      printRow(output, "node", status.node());
      printRow(output, "model", ConsoleFormat.upstream(status.upstream()));
      printRow(
          output, "sandbox", status.sandbox().wireName() + formatReason(status.sandboxReason()));
      printRow(output, "claude cli", status.cliVersion());
      return ExitCode.OK;
    }
  }

  private static void printRow(ConsoleOutput output, String name, String value) {
    output.print(TextStyle.DIM, String.format("%-11s", name));
    output.print(TextStyle.PLAIN, value);
    output.startLine();
  }

  private static String formatRevision(@Nullable String revision) {
    return revision == null ? "" : ", revision " + revision;
  }

  private static String formatReason(@Nullable String reason) {
    return reason == null || reason.isEmpty() ? "" : " (" + reason + ")";
  }
}
