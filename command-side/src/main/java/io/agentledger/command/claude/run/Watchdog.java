package io.agentledger.command.claude.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells when a process has stopped making sense. It only looks; who asked ends the process.
 *
 * @param inactivityTimeout how long a run may say nothing while nobody and no tool is waited for
 * @param stallTimeout the same while no exchange with the model is in progress either: what was to
 *     be said was lost
 * @param startTimeout from the prompt to the first sign of the run
 * @param echoTimeout from the prompt to the run's begin once it was echoed: an echo alone means
 *     that the prompt was swallowed
 * @param interruptTimeout from our interrupt to the run's end, and to the end of a task
 * @param idleTimeout from a run's result to the process being idle
 */
public record Watchdog(
    Duration inactivityTimeout,
    Duration stallTimeout,
    Duration startTimeout,
    Duration echoTimeout,
    Duration interruptTimeout,
    Duration idleTimeout) {

  public static Watchdog withDefaults(Duration inactivityTimeout) {
    return new Watchdog(
        inactivityTimeout,
        Duration.ofSeconds(50),
        Duration.ofSeconds(60),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15));
  }

  /** What is wrong, in words. */
  Optional<String> check(
      RunAttempt.AttemptState run, Instant lastLine, boolean waits, Instant now) {
    if (run.interruptedAt.filter(at -> isElapsed(at, interruptTimeout, now)).isPresent()) {
      return Optional.of("the CLI did not stop when it was told to");
    }
    if (!run.initialized
        && run.echoedAt.filter(at -> isElapsed(at, echoTimeout, now)).isPresent()) {
      return Optional.of("the CLI swallowed the prompt");
    }
    if (!run.initialized
        && run.promptedAt.filter(at -> isElapsed(at, startTimeout, now)).isPresent()) {
      return Optional.of("the CLI did not begin");
    }
    return !waits && isElapsed(lastLine, inactivityTimeout, now)
        ? Optional.of("the CLI was silent for " + inactivityTimeout)
        : Optional.empty();
  }

  /** Whether a run without anything in progress has been silent for too long. */
  boolean isStalled(Instant lastSign, Instant now) {
    return isElapsed(lastSign, stallTimeout, now);
  }

  /** Whether a process has hung after its result. */
  boolean isHung(Instant result, Instant now) {
    return isElapsed(result, idleTimeout, now);
  }

  private static boolean isElapsed(Instant since, Duration timeout, Instant now) {
    return now.isAfter(since.plus(timeout));
  }
}
