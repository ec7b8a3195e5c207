package io.agentledger.client.cli;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.shared.PageRequest;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code agentledger sessions}: lists sessions, newest first. */
@Command(name = "sessions", description = "Lists sessions, newest first.")
final class SessionsCommand implements Callable<Integer> {
  private static final OptionRange LIMIT = new OptionRange("--limit", 1, PageRequest.LIMIT_MAX);

  private static final int TITLE_COLUMN = 64;
  private static final int TITLE_MIN = 16;
  private static final int TITLE_MAX = 60;

  private final CliEnvironment environment;
  @Spec private CommandSpec spec;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most N sessions, 1 to 500, default ${DEFAULT-VALUE}.")
  private int limit;

  @Option(
      names = "--activity",
      paramLabel = "ACTIVITY",
      description = "Only sessions that are idle, running, waiting, retrying or ended.")
  private @Nullable Activity activity;

  @Option(
      names = "--executor",
      paramLabel = "EXECUTOR",
      description = "Only interactive or background sessions.")
  private @Nullable ExecutionMode executor;

  @Option(
      names = "--origin",
      paramLabel = "ORIGIN",
      description = "Only sessions of this origin: fresh, forked, cloned, templated or task.")
  private @Nullable String origin;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  SessionsCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    LIMIT.check(spec, limit);
    try (var service = environment.connect();
        var output = environment.standardOutput()) {
      var page = service.sessions().list(activity, executor, origin, new PageRequest(limit, null));
      if (page.items().isEmpty()) output.printLine(TextStyle.DIM, nothingFound());
      else
        output.printLine(
            TextStyle.DIM, "session         activity  last event  events  runs  cost        title");
      var titles = new SessionTitles(service.sessions()).find(page.items());
      page.items().forEach(session -> print(output, session, titles));
      if (page.nextCursor() != null) output.printLine(TextStyle.DIM, "there are more; see --limit");
      return ExitCode.OK;
    }
  }

  private String nothingFound() {
    return activity == null && executor == null && origin == null
        ? "no sessions yet"
        : "no sessions with these filters";
  }

  private static void print(
      ConsoleOutput output, SessionView session, Map<SessionId, String> titles) {
    int room = output.isTerminal() ? Math.max(TITLE_MIN, output.width() - TITLE_COLUMN) : TITLE_MAX;
    output.printLine(
        String.format(
            Locale.ROOT,
            "%-15s %-9s %-11s %6d %5d  %-11s %s",
            session.id(),
            session.activity().name().toLowerCase(Locale.ROOT),
            ConsoleFormat.age(session.updatedAt()),
            session.sequence(),
            session.runs(),
            ConsoleFormat.cost(session.costUsd()),
            TerminalSanitizer.sanitizeLine(titles.getOrDefault(session.id(), ""), room)));
  }
}
