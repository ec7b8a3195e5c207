package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.support.ClientJson;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/** {@code agentledger events}: prints a session's record, fact by fact. */
@Command(name = "events", description = "Prints the record of a session, one line for each fact.")
final class EventsCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final int WIDTH = 120;
  private static final Set<String> COMMON =
      Set.of("type", "fact", "session_id", "run_id", "thread_id", "sequence", "at", "place");
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final CliEnvironment cliEnvironment;

  @Parameters(paramLabel = "SESSION", description = "ses_...")
  @SuppressWarnings("NullAway.Init")
  private SessionId session;

  @Option(
      names = "--after",
      paramLabel = "N",
      defaultValue = "0",
      description = "Begins behind fact number N.")
  private long after;

  @Option(names = "--json", description = "Every field, one JSON object a line.")
  private boolean json;

  EventsCommand(CliEnvironment cliEnvironment) {
    this.cliEnvironment = cliEnvironment;
  }

  @Override
  public Integer call() {
    try (var service = AgentledgerClient.at(cliEnvironment.service());
        var consoleOutput = cliEnvironment.screen()) {
      long last = after;
      while (true) {
        var facts = service.sessions().events(session, last, PAGE);
        for (var event : facts) print(consoleOutput, event);
        if (facts.size() < PAGE) return ExitCode.OK;
        last = sequence(facts.getLast());
      }
    }
  }

  private static long sequence(Json event) {
    return ClientJson.MAPPER.readTree(event.text()).path("sequence").asLong();
  }

  private void print(ConsoleOutput consoleOutput, Json event) {
    if (json) {
      // As it is: JSON escapes every control character itself.
      consoleOutput.line(event.text());
      return;
    }
    var item = ClientJson.MAPPER.readValue(event.text(), StreamItem.class);
    var own = (ObjectNode) ClientJson.MAPPER.readTree(event.text());
    own.remove(COMMON);
    consoleOutput.text(
        TextStyle.DIM,
        String.format(Locale.ROOT, "%5d %s ", item.sequence(), CLOCK.format(item.at())));
    consoleOutput.text(TextStyle.STRONG, String.format(Locale.ROOT, "%-20s ", item.fact()));
    consoleOutput.text(TextStyle.PLAIN, TerminalSanitizer.line(own.toString(), WIDTH));
    consoleOutput.fresh();
  }
}
