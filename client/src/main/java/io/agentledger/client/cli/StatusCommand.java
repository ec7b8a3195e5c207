package io.agentledger.client.cli;

import io.agentledger.client.AgentledgerClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code agentledger status}: says what the service is and what it runs agents with. */
@Command(name = "status", description = "Says where the service is and what it runs agents with.")
final class StatusCommand implements Callable<Integer> {
  private final CliEnvironment surroundings;

  StatusCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (var service = AgentledgerClient.at(surroundings.service());
        var screen = surroundings.screen()) {
      var status = service.status();
      row(
          screen,
          "service",
          service.address() + " (" + status.version() + revision(status.revision()) + ")");
      row(screen, "node", status.node());
      row(screen, "model", ConsoleFormat.upstream(status.upstream()));
      row(screen, "sandbox", status.sandbox().wireName() + because(status.sandboxReason()));
      row(screen, "claude cli", status.cliVersion());
      return ExitCode.OK;
    }
  }

  private static void row(ConsoleOutput screen, String name, String value) {
    screen.text(TextStyle.DIM, String.format("%-11s", name));
    screen.text(TextStyle.PLAIN, value);
    screen.fresh();
  }

  private static String revision(@Nullable String revision) {
    return revision == null ? "" : ", revision " + revision;
  }

  private static String because(@Nullable String reason) {
    return reason == null || reason.isEmpty() ? "" : " (" + reason + ")";
  }
}
