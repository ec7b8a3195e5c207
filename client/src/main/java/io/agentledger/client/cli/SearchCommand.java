package io.agentledger.client.cli;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.session.query.SearchFilter.DocumentKind;
import io.agentledger.api.session.query.SearchResultView.Hit;
import io.agentledger.api.shared.PageRequest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agentledger search}: searches the transcripts of all sessions that the user may see. */
@Command(
    name = "search",
    description = "Searches messages, tool inputs and tool outputs, newest sessions first.")
final class SearchCommand implements Callable<Integer> {
  private static final OptionRange LIMIT = new OptionRange("--limit", 1, PageRequest.LIMIT_MAX);

  private final CliEnvironment environment;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "WORDS",
      arity = "1..*",
      description = "Words that a result contains all; an argument with spaces is a phrase.")
  @SuppressWarnings("NullAway.Init")
  private List<String> words;

  @Option(names = "--session", paramLabel = "SESSION", description = "Only this session.")
  private @Nullable SessionId session;

  @Option(names = "--agent", paramLabel = "AGENT", description = "Only sessions of this agent.")
  private @Nullable AgentId agent;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only user, assistant, tool_input or tool_output.")
  private @Nullable DocumentKind kind;

  @Option(names = "--tool", paramLabel = "TOOL", description = "Only calls of this tool.")
  private @Nullable String tool;

  @Option(
      names = "--outcome",
      paramLabel = "OUTCOME",
      description = "Only calls that returned, failed, denied, expired, or are unknown.")
  private @Nullable CallStatus outcome;

  @Option(names = "--user", paramLabel = "USER", description = "Only sessions of this owner.")
  private @Nullable UserId user;

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "Only results of this day and later, such as 2026-11-01.")
  private @Nullable LocalDate from;

  @Option(
      names = "--to",
      paramLabel = "DAY",
      description = "Only results of this day and earlier; days begin in the zone of the terminal.")
  private @Nullable LocalDate to;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most N results, 1 to 500, default ${DEFAULT-VALUE}.")
  private int limit;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  SearchCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    LIMIT.check(spec, limit);
    if (words.stream().allMatch(String::isBlank))
      throw new ParameterException(spec.commandLine(), "WORDS must not be empty.");
    if (from != null && to != null && to.isBefore(from))
      throw new ParameterException(spec.commandLine(), "--to must not be before --from");
    var filter =
        new SearchFilter(
            text(),
            session,
            agent == null ? null : agent.value(),
            user,
            from == null ? null : startOf(from),
            to == null ? null : startOf(to.plusDays(1)),
            kind,
            tool,
            outcome);
    try (var service = environment.connect();
        var output = environment.standardOutput()) {
      var hits = new ArrayList<Hit>();
      @Nullable String cursor = null;
      do {
        output.showSpinner("searching");
        var page = service.sessions().search(filter, new PageRequest(limit - hits.size(), cursor));
        hits.addAll(page.items());
        cursor = page.nextCursor();
      } while (cursor != null && hits.size() < limit);
      if (hits.isEmpty()) output.printLine(TextStyle.DIM, "nothing found");
      hits.forEach(hit -> print(output, hit));
      if (cursor != null) output.printLine(TextStyle.DIM, "there may be more; see --limit");
      return ExitCode.OK;
    }
  }

  private static Instant startOf(LocalDate day) {
    return day.atStartOfDay(ZoneId.systemDefault()).toInstant();
  }

  private String text() {
    return String.join(
        " ",
        words.stream()
            .map(word -> word.contains(" ") && !word.contains("\"") ? '"' + word + '"' : word)
            .toList());
  }

  private static void print(ConsoleOutput output, Hit hit) {
    var tool = hit.tool();
    output.printLine(
        TextStyle.DIM,
        String.format(
            Locale.ROOT,
            "%s  event %d  %s  %s%s%s",
            hit.sessionId(),
            hit.sequence(),
            ConsoleFormat.age(hit.at()),
            hit.kind().name().toLowerCase(Locale.ROOT),
            tool == null ? "" : "  " + TerminalSanitizer.sanitizeLine(tool, 64),
            hit.inherited() ? "  inherited" : ""));
    output.printLine("  " + TerminalSanitizer.sanitizeLine(hit.snippet(), hit.snippet().length()));
  }
}
