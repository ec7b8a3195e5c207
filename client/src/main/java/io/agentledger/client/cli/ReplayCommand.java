package io.agentledger.client.cli;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.client.session.SessionEventStream;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code agentledger replay}: plays a session back with the pauses that it had. */
@Command(
    name = "replay",
    description = "Plays the events of a session back with the pauses that they had.")
final class ReplayCommand implements Callable<Integer> {
  private static final OptionRange AFTER = new OptionRange("--after", 0, Long.MAX_VALUE);

  private static final double SPEED_MIN = 0.1;
  private static final double SPEED_MAX = 1_000;
  private static final int MAX_PAUSE_SECONDS = 3_600;

  private final CliEnvironment environment;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SESSION", description = "ses_...")
  @SuppressWarnings("NullAway.Init")
  private SessionId session;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "1",
      description = "Multiple of the original speed, 0.1 to 1000 (default: ${DEFAULT-VALUE}).")
  private double speed;

  @Option(
      names = "--max-pause",
      paramLabel = "SECONDS",
      description = "Shortens longer pauses to this many seconds, before --speed.")
  private @Nullable Double maxPauseSeconds;

  @Option(
      names = "--after",
      paramLabel = "N",
      defaultValue = "0",
      description = "Starts after event number N.")
  private long after;

  @Option(names = "--until", paramLabel = "N", description = "Ends with event number N.")
  private @Nullable Long until;

  @Option(names = "--verbose", description = "Prints the output of tools.")
  private boolean verbose;

  @SuppressWarnings("NullAway.Init") // picocli sets it before it calls.
  ReplayCommand(CliEnvironment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() {
    AFTER.check(spec, after);
    if (!(speed >= SPEED_MIN && speed <= SPEED_MAX)) throw invalid("--speed must be 0.1 to 1000.");
    if (maxPauseSeconds != null && !(maxPauseSeconds >= 0 && maxPauseSeconds <= MAX_PAUSE_SECONDS))
      throw invalid("--max-pause must be 0 to 3600 seconds.");
    if (until != null && (until < 1 || until < after))
      throw invalid("--until must be at least 1, and not less than --after.");
    var maxPause =
        maxPauseSeconds == null ? null : Duration.ofMillis(Math.round(maxPauseSeconds * 1000));
    try (var service = environment.connect();
        var output = environment.standardOutput();
        var events =
            service
                .sessions()
                .playback(
                    session,
                    after,
                    until,
                    speed,
                    maxPause,
                    SessionEventStream.ReconnectPolicy.defaults(
                        reason ->
                            output.showSpinner("the service does not respond, reconnecting")))) {
      var transcript = new TranscriptPrinter(output, true, verbose, new UserNames(service));
      for (var item = events.next(); item.isPresent(); item = events.next()) {
        if (item.get().body() instanceof StreamItem.Done) return ExitCode.OK;
        transcript.print(item.get());
        if (isEnd(item.get())) return ExitCode.FAILED;
      }
      return ExitCode.OK;
    }
  }

  private ParameterException invalid(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Returns whether the stream has failed: errors of the session are stored events. */
  private static boolean isEnd(StreamItem item) {
    return item.body() instanceof StreamItem.Error && !item.hasEvent();
  }
}
