package io.agentledger.command.claude;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells when a process has stopped making sense. It only looks; who asked ends the process.
 *
 * @param silence how long a run may say nothing while nobody and no tool is waited for
 */
record Watchdog(Duration silence) {
  /** From the prompt to the first sign of the run. */
  private static final Duration BEGIN = Duration.ofSeconds(60);

  /** From the prompt's echo to the run's begin: an echo alone is a prompt that was swallowed. */
  private static final Duration ECHO = Duration.ofSeconds(5);

  /** From our interrupt to the run's end. */
  private static final Duration INTERRUPT = Duration.ofSeconds(10);

  /** From a run's result to the process being idle. */
  private static final Duration REST = Duration.ofSeconds(15);

  /** What is wrong, in words. */
  Optional<String> check(Attempt.Progress run, Instant lastLine, boolean waits, Instant now) {
    if (run.interruptedAt.filter(at -> isOver(at, INTERRUPT, now)).isPresent()) {
      return Optional.of("the CLI did not stop when it was told to");
    }
    if (!run.initialized && run.echoedAt.filter(at -> isOver(at, ECHO, now)).isPresent()) {
      return Optional.of("the CLI swallowed the prompt");
    }
    if (!run.initialized && run.promptedAt.filter(at -> isOver(at, BEGIN, now)).isPresent()) {
      return Optional.of("the CLI did not begin");
    }
    return !waits && isOver(lastLine, silence, now)
        ? Optional.of("the CLI was silent for " + silence)
        : Optional.empty();
  }

  /** Whether a process has hung after its result. */
  boolean isHung(Instant result, Instant now) {
    return isOver(result, REST, now);
  }

  private static boolean isOver(Instant since, Duration patience, Instant now) {
    return now.isAfter(since.plus(patience));
  }
}
