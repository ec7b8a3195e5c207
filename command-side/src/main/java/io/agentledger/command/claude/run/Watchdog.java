package io.agentledger.command.claude.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Detects hanging processes. It only checks; the caller ends the process.
 *
 * @param inactivityTimeout maximum silence of a run while no user and no tool is busy
 * @param stallTimeout the same without an exchange with the model in progress: its output was lost
 * @param startTimeout from the prompt to the first output of the run
 * @param echoTimeout from the prompt to the run's start after its echo: an echo alone means that
 *     the CLI dropped the prompt
 * @param interruptTimeout from an interrupt to the end of the run, and to the end of a task
 * @param settleTimeout from a run's result to the idle state of the process
 */
public record Watchdog(
    Duration inactivityTimeout,
    Duration stallTimeout,
    Duration startTimeout,
    Duration echoTimeout,
    Duration interruptTimeout,
    Duration settleTimeout) {
  /**
   * Many times what a start takes: on a busy machine, starts that were ended and repeated would
   * keep it busy.
   */
  private static final Duration START_MAX = Duration.ofMinutes(3);

  public static Watchdog withDefaults(Duration inactivityTimeout) {
    return new Watchdog(
        inactivityTimeout,
        Duration.ofSeconds(50),
        START_MAX,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15));
  }

  /** Returns the error; empty if there is none. */
  Optional<String> check(
      RunAttempt.AttemptState run, Instant lastLine, boolean waits, Instant now) {
    if (run.interruptedAt.filter(at -> isElapsed(at, interruptTimeout, now)).isPresent()) {
      return Optional.of("the CLI did not stop when it was told to");
    }
    if (!run.initialized
        && run.echoedAt.filter(at -> isElapsed(at, echoTimeout, now)).isPresent()) {
      return Optional.of("the CLI dropped the prompt");
    }
    if (!run.initialized
        && run.promptedAt.filter(at -> isElapsed(at, startTimeout, now)).isPresent()) {
      return Optional.of("the CLI did not start the run");
    }
    return !waits && isElapsed(lastLine, inactivityTimeout, now)
        ? Optional.of("the CLI was silent for " + inactivityTimeout)
        : Optional.empty();
  }

  /** Returns whether a run without anything in progress has been silent for too long. */
  boolean isStalled(Instant lastSign, Instant now) {
    return isElapsed(lastSign, stallTimeout, now);
  }

  /** Returns whether a process hangs after its result. */
  boolean isHung(Instant result, Instant now) {
    return isElapsed(result, settleTimeout, now);
  }

  private static boolean isElapsed(Instant since, Duration timeout, Instant now) {
    return now.isAfter(since.plus(timeout));
  }
}
