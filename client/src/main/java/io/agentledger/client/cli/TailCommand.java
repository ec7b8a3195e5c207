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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code agentledger tail}: watches a session, from now on or from an earlier point. */
@Command(name = "tail", description = "Follows a session; Ctrl-C leaves, the session goes on.")
final class TailCommand implements Callable<Integer> {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

  private final CliEnvironment cliEnvironment;

  @Parameters(paramLabel = "SESSION", description = "ses_...")
  @SuppressWarnings("NullAway.Init")
  private SessionId session;

  @Option(
      names = "--after",
      paramLabel = "N",
      description = "Replays the facts behind number N first.")
  private @Nullable Long after;

  @Option(names = "--from-start", description = "Replays the whole session first.")
  private boolean fromStart;

  @Option(names = "--no-follow", description = "Ends when there is nothing more to replay.")
  private boolean stay;

  @Option(names = "--ask", description = "Asks for decisions here, as run does.")
  private boolean ask;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  TailCommand(CliEnvironment cliEnvironment) {
    this.cliEnvironment = cliEnvironment;
  }

  @Override
  public Integer call() {
    try (var service = AgentledgerClient.at(cliEnvironment.service());
        var consoleOutput = cliEnvironment.screen()) {
      var view = service.sessions().find(session);
      long from = after != null ? after : fromStart ? 0 : view.sequence();
      if (!stay && from >= view.sequence())
        consoleOutput.line(
            TextStyle.DIM, session + " is " + label(view.activity()) + " (Ctrl-C leaves)");
      var sessionEventStream =
          service.sessions().stream(
              session,
              from,
              SessionEventStream.ReconnectPolicy.standard(
                  why -> consoleOutput.awaitQuietly("connection lost (" + why + ")")));
      var consoleInput = ask ? cliEnvironment.keyboard() : Optional.<ConsoleInput>empty();
      try (var backgroundStreamReader = new BackgroundStreamReader(sessionEventStream)) {
        show(
            backgroundStreamReader,
            consoleOutput,
            new PendingActionPrompter(service.sessions(), consoleOutput, consoleInput),
            view.sequence());
      }
      return ExitCode.OK;
    }
  }

  private void show(
      BackgroundStreamReader backgroundStreamReader,
      ConsoleOutput consoleOutput,
      PendingActionPrompter pendingActionPrompter,
      long head) {
    var transcript = new TranscriptPrinter(consoleOutput, true);
    long last = after != null ? after : fromStart ? 0 : head;
    while (!stay || last < head) {
      var item = backgroundStreamReader.poll(POLL_INTERVAL);
      if (item.isEmpty()) continue;
      transcript.show(item.get());
      if (ask) pendingActionPrompter.prompt(item.get(), backgroundStreamReader::isResolved);
      var sequence = item.get().sequence();
      if (sequence != null) last = sequence;
    }
  }

  private static String label(Activity activity) {
    return activity.name().toLowerCase(java.util.Locale.ROOT);
  }
}
