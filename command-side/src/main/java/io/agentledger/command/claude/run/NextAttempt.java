package io.agentledger.command.claude.run;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Slot for the attempt that a process executes next. Thread-safe. */
final class NextAttempt {
  private final AtomicReference<@Nullable RunAttempt> attempt = new AtomicReference<>();
  private final AtomicBoolean reserved = new AtomicBoolean();

  /** Reserves the slot for an attempt that is submitted later; returns false if it is taken. */
  boolean tryReserve() {
    return attempt.get() == null && reserved.compareAndSet(false, true);
  }

  void cancelReservation() {
    reserved.set(false);
  }

  boolean isReserved() {
    return reserved.get();
  }

  /** Returns whether an attempt was submitted, or will be. */
  boolean isExpected() {
    return isReserved() || attempt.get() != null;
  }

  /**
   * Submits an attempt, which ends a reservation. An earlier one that has not begun fails, so that
   * its runner reads the record again.
   */
  void submit(RunAttempt next) {
    RunAttempt replaced = attempt.getAndSet(next);
    if (replaced != null) {
      replaced.completion().completeExceptionally(new ProcessGoneException());
    }
    cancelReservation();
  }

  Optional<RunAttempt> find() {
    return Optional.ofNullable(attempt.get());
  }

  /**
   * Removes an attempt that has begun or will never begin, unless another one was submitted since.
   */
  void clear(RunAttempt begun) {
    attempt.compareAndSet(begun, null);
  }
}
