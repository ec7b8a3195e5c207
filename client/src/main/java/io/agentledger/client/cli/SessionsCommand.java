package io.agentledger.client.cli;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.AgentledgerClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code agentledger sessions}: lists sessions, newest first. */
@Command(name = "sessions", description = "Lists sessions, newest first.")
final class SessionsCommand implements Callable<Integer> {
  private final CliEnvironment cliEnvironment;

  @Option(
      names = "--limit",
      defaultValue = "20",
      description = "1 to 500, default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--activity",
      paramLabel = "WHAT",
      description = "Only those that are idle, running, waiting, retrying or ended.")
  private @Nullable Activity activity;

  @Option(
      names = "--executor",
      paramLabel = "WHICH",
      description = "Only those whose work is interactive, background or forked.")
  private @Nullable ExecutionMode executor;

  SessionsCommand(CliEnvironment cliEnvironment) {
    this.cliEnvironment = cliEnvironment;
  }

  @Override
  public Integer call() {
    try (var service = AgentledgerClient.at(cliEnvironment.service());
        var consoleOutput = cliEnvironment.screen()) {
      var page = service.sessions().list(activity, executor, new PageRequest(limit, null));
      if (page.items().isEmpty()) consoleOutput.line(TextStyle.DIM, "no sessions yet");
      else
        consoleOutput.line(
            TextStyle.DIM, "session         activity  last fact   facts  runs  cost        title");
      page.items().forEach(session -> print(consoleOutput, session));
      if (page.next() != null) consoleOutput.line(TextStyle.DIM, "there are more: --limit");
      return ExitCode.OK;
    }
  }

  private static void print(ConsoleOutput consoleOutput, SessionView session) {
    consoleOutput.line(
        String.format(
            Locale.ROOT,
            "%-15s %-9s %-11s %5d %5d  %-11s %s",
            session.id(),
            session.activity().name().toLowerCase(Locale.ROOT),
            ago(session.updatedAt()),
            session.sequence(),
            session.runs(),
            ConsoleFormat.cost(session.costUsd()),
            session.title() == null ? "" : TerminalSanitizer.line(session.title(), 60)));
  }

  private static String ago(Instant then) {
    var time = Duration.between(then, Instant.now());
    if (time.toMinutes() < 1) return Math.max(0, time.toSeconds()) + " s ago";
    if (time.toHours() < 1) return time.toMinutes() + " min ago";
    if (time.toDays() < 1) return time.toHours() + " h ago";
    return time.toDays() + " d ago";
  }
}
