package io.agentledger.client.cli;

import io.agentledger.api.session.query.SessionPosition;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options for one position in the history of a session; picocli permits one of them. */
final class PositionOptions {
  @Option(
      names = "--at",
      paramLabel = "N",
      required = true,
      description = "As it was after event number N.")
  private @Nullable Long sequence;

  @Option(
      names = "--as-of",
      paramLabel = "TIME",
      required = true,
      description = "As it was at this time, such as 2026-11-01T09:30:00Z.")
  private @Nullable Instant time;

  /** Returns the position of the options; null without any. */
  static @Nullable SessionPosition positionOf(@Nullable PositionOptions options) {
    if (options == null) return null;
    if (options.sequence != null) return new SessionPosition.AtSequence(options.sequence);
    return options.time == null ? null : new SessionPosition.AsOf(options.time);
  }
}
