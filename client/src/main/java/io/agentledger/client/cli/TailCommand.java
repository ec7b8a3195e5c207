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
  private static final Duration LOOK = Duration.ofMillis(200);

  private final CliEnvironment surroundings;

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
  TailCommand(CliEnvironment surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    try (var service = AgentledgerClient.at(surroundings.service());
        var screen = surroundings.screen()) {
      var view = service.sessions().find(session);
      long from = after != null ? after : fromStart ? 0 : view.sequence();
      if (!stay && from >= view.sequence())
        screen.line(TextStyle.DIM, session + " is " + word(view.activity()) + " (Ctrl-C leaves)");
      var story =
          service
              .sessions()
              .follow(
                  session,
                  from,
                  SessionEventStream.ReconnectPolicy.standard(
                      why -> screen.awaitQuietly("connection lost (" + why + ")")));
      var keyboard = ask ? surroundings.keyboard() : Optional.<ConsoleInput>empty();
      try (var watch = new BackgroundStreamReader(story)) {
        show(
            watch,
            screen,
            new PendingActionPrompter(service.sessions(), screen, keyboard),
            view.sequence());
      }
      return ExitCode.OK;
    }
  }

  private void show(
      BackgroundStreamReader watch, ConsoleOutput screen, PendingActionPrompter asker, long head) {
    var transcript = new TranscriptPrinter(screen, true);
    long last = after != null ? after : fromStart ? 0 : head;
    while (!stay || last < head) {
      var item = watch.poll(LOOK);
      if (item.isEmpty()) continue;
      transcript.show(item.get());
      if (ask) asker.ask(item.get(), watch::settled);
      var sequence = item.get().sequence();
      if (sequence != null) last = sequence;
    }
  }

  private static String word(Activity activity) {
    return activity.name().toLowerCase(java.util.Locale.ROOT);
  }
}
