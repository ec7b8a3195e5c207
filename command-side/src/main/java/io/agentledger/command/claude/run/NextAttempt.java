package io.agentledger.command.claude.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Slot for the attempt that a process carries out next. Thread-safe. */
final class NextAttempt {
  private final AtomicReference<@Nullable RunAttempt> attempt = new AtomicReference<>();

  /**
   * Takes an attempt. One that has not begun by now is left to its runner, which reads the record.
   */
  void submit(RunAttempt next) {
    RunAttempt replaced = attempt.getAndSet(next);
    if (replaced != null) {
      replaced.completion().completeExceptionally(new ProcessSupervisor.ProcessGoneException());
    }
  }

  Optional<RunAttempt> find() {
    return Optional.ofNullable(attempt.get());
  }

  /**
   * Removes an attempt that has begun, or never will; another one may have been submitted since.
   */
  void clear(RunAttempt begun) {
    attempt.compareAndSet(begun, null);
  }
}
