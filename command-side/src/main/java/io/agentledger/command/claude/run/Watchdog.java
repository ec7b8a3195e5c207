package io.agentledger.command.claude.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells when a process has stopped making sense. It only looks; who asked ends the process.
 *
 * @param silence how long a run may say nothing while nobody and no tool is waited for
 * @param begin from the prompt to the first sign of the run
 * @param echo from the prompt to the run's begin once it was echoed: an echo alone means that the
 *     prompt was swallowed
 * @param interrupt from our interrupt to the run's end
 * @param rest from a run's result to the process being idle
 */
public record Watchdog(
    Duration silence, Duration begin, Duration echo, Duration interrupt, Duration rest) {

  public static Watchdog standard(Duration silence) {
    return new Watchdog(
        silence,
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15));
  }

  /** What is wrong, in words. */
  Optional<String> check(
      RunAttempt.AttemptState run, Instant lastLine, boolean waits, Instant now) {
    if (run.interruptedAt.filter(at -> isOver(at, interrupt, now)).isPresent()) {
      return Optional.of("the CLI did not stop when it was told to");
    }
    if (!run.initialized && run.echoedAt.filter(at -> isOver(at, echo, now)).isPresent()) {
      return Optional.of("the CLI swallowed the prompt");
    }
    if (!run.initialized && run.promptedAt.filter(at -> isOver(at, begin, now)).isPresent()) {
      return Optional.of("the CLI did not begin");
    }
    return !waits && isOver(lastLine, silence, now)
        ? Optional.of("the CLI was silent for " + silence)
        : Optional.empty();
  }

  /** Whether a process has hung after its result. */
  boolean isHung(Instant result, Instant now) {
    return isOver(result, rest, now);
  }

  private static boolean isOver(Instant since, Duration timeout, Instant now) {
    return now.isAfter(since.plus(timeout));
  }
}
