package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.client.support.ClientJson;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** {@code agentledger events}: prints the event log of a session. */
@Command(name = "events", description = "Prints the events of a session, one line each.")
final class EventsCommand implements Callable<Integer> {
  private static final OptionRange AFTER = new OptionRange("--after", 0, Long.MAX_VALUE);
  private static final int PAGE_SIZE = 500;
  private static final int LINE_LENGTH_MAX = 120;
  private static final Set<String> COMMON_FIELDS =
      Set.of("type", "event", "session_id", "run_id", "thread_id", "sequence", "at");
  private static final DateTimeFormatter TIME_FORMAT =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());

  private final CliEnvironment environment;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SESSION", description = "ses_...")
  @SuppressWarnings("NullAway.Init")
  private SessionId session;

  @Option(
      names = "--after",
      paramLabel = "N",
      defaultValue = "0",
      description = "Starts after event number N.")
  private long after;

  @Option(names = "--json", description = "Prints every field, one JSON object per line.")
  private boolean json;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  EventsCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    AFTER.check(spec, after);
    try (var service = environment.connect();
        var output = environment.standardOutput()) {
      long lastSequence = after;
      while (true) {
        var events = service.sessions().events(session, lastSequence, PAGE_SIZE);
        for (var event : events) print(output, event);
        if (events.size() < PAGE_SIZE) return ExitCode.OK;
        lastSequence = sequence(events.getLast());
      }
    }
  }

  private static long sequence(Json event) {
    return ClientJson.MAPPER.readTree(event.text()).path("sequence").asLong();
  }

  private void print(ConsoleOutput output, Json event) {
    if (json) {
      // Unchanged: JSON escapes every control character itself.
      output.printLine(event.text());
      return;
    }
    var item = ClientJson.MAPPER.readValue(event.text(), StreamItem.class);
    var fields = (ObjectNode) ClientJson.MAPPER.readTree(event.text());
    fields.remove(COMMON_FIELDS);
    output.print(
        TextStyle.DIM,
        String.format(Locale.ROOT, "%5d %s ", item.sequence(), TIME_FORMAT.format(item.at())));
    output.print(TextStyle.BOLD, String.format(Locale.ROOT, "%-20s ", item.event()));
    output.print(
        TextStyle.PLAIN, TerminalSanitizer.sanitizeLine(fields.toString(), LINE_LENGTH_MAX));
    output.startLine();
  }
}
