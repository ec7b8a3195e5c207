package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.session.SessionEventStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agentledger tail}: follows a session, from the present or from an earlier event. */
@Command(
    name = "tail",
    description = "Follows a session. Ctrl-C ends the program, not the session.")
final class TailCommand implements Callable<Integer> {
  private static final OptionRange AFTER = new OptionRange("--after", 0, Long.MAX_VALUE);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  private final CliEnvironment environment;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SESSION", description = "ses_...")
  @SuppressWarnings("NullAway.Init")
  private SessionId session;

  @Option(
      names = "--after",
      paramLabel = "N",
      description = "Replays the events after number N first.")
  private @Nullable Long after;

  @Option(names = "--from-start", description = "Replays the whole session first.")
  private boolean fromStart;

  @Option(
      names = "--no-follow",
      description = "Ends after the replay; without --after, the whole session is replayed.")
  private boolean noFollow;

  @Option(names = "--ask", description = "Prompts for decisions, as run does.")
  private boolean ask;

  @Option(names = "--verbose", description = "Prints the output of tools.")
  private boolean verbose;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  TailCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    if (after != null) AFTER.check(spec, after);
    try (var service = environment.connect();
        var output = environment.standardOutput()) {
      var view = service.sessions().find(session);
      var eventStream =
          service.sessions().stream(
              session,
              firstSequence(view),
              SessionEventStream.ReconnectPolicy.defaults(
                  reason -> output.showSpinner("the service does not respond, reconnecting")));
      try (var input = ask ? environment.openInput().orElse(null) : null;
          var reader = new BackgroundStreamReader(eventStream)) {
        var transcript = new TranscriptPrinter(output, true, verbose, new UserNames(service));
        var prompter =
            new PendingActionPrompter(
                service.sessions(),
                output,
                Optional.ofNullable(input),
                environment.command(),
                true);
        printStream(
            reader,
            view,
            output,
            item -> {
              transcript.print(item);
              if (ask) prompter.prompt(item, reader::isResolved);
            });
      }
      return ExitCode.OK;
    }
  }

  private void printStream(
      BackgroundStreamReader reader,
      SessionView view,
      ConsoleOutput output,
      Consumer<StreamItem> printer) {
    long head = view.sequence();
    long lastSequence = firstSequence(view);
    @Nullable String state = session + " is " + view.activity().name().toLowerCase(Locale.ROOT);
    while (!noFollow || lastSequence < head) {
      var item = reader.poll(POLL_INTERVAL);
      if (item.isEmpty()) {
        if (state != null && lastSequence >= head) {
          output.printLine(TextStyle.DIM, state + "; tail waits for more events (Ctrl-C ends it)");
          state = null;
        }
        continue;
      }
      printer.accept(item.get());
      var sequence = item.get().sequence();
      if (sequence != null) lastSequence = sequence;
      if (lastSequence > head && item.get().body() instanceof StreamItem.Result)
        state = "the run has ended";
    }
  }

  private long firstSequence(SessionView view) {
    return after != null ? after : fromStart || noFollow ? 0 : view.sequence();
  }
}
