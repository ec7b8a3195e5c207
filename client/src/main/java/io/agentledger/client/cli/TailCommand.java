package io.agentledger.client.cli;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.SessionId;
import io.agentledger.client.AgentledgerClient;
import io.agentledger.client.session.SessionEventStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
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

  @Option(names = "--no-follow", description = "Ends when there is nothing more to replay.")
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
    try (var service = AgentledgerClient.create(environment.findService());
        var output = environment.standardOutput()) {
      var view = service.sessions().find(session);
      long from = after != null ? after : fromStart ? 0 : view.sequence();
      if (!noFollow && from >= view.sequence())
        output.printLine(
            TextStyle.DIM, session + " is " + label(view.activity()) + " (Ctrl-C leaves)");
      var eventStream =
          service.sessions().stream(
              session,
              from,
              SessionEventStream.ReconnectPolicy.defaults(
                  reason -> output.showSpinner("the service does not respond, reconnecting")));
      try (var input = ask ? environment.openInput().orElse(null) : null;
          var reader = new BackgroundStreamReader(eventStream)) {
        printStream(
            reader,
            new TranscriptPrinter(output, true, verbose, new UserNames(service)),
            new PendingActionPrompter(service.sessions(), output, Optional.ofNullable(input)),
            view.sequence());
      }
      return ExitCode.OK;
    }
  }

  private void printStream(
      BackgroundStreamReader reader,
      TranscriptPrinter transcript,
      PendingActionPrompter prompter,
      long head) {
    long lastSequence = after != null ? after : fromStart ? 0 : head;
    while (!noFollow || lastSequence < head) {
      var item = reader.poll(POLL_INTERVAL);
      if (item.isEmpty()) continue;
      transcript.print(item.get());
      if (ask) prompter.prompt(item.get(), reader::isResolved);
      var sequence = item.get().sequence();
      if (sequence != null) lastSequence = sequence;
    }
  }

  private static String label(Activity activity) {
    return activity.name().toLowerCase(java.util.Locale.ROOT);
  }
}
