package io.agentledger.command.claude.run;

import io.agentledger.command.claude.process.JournalTailer;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.protocol.ClaudeMessage.ApiRetry;
import io.agentledger.command.claude.state.RunState;
import io.agentledger.store.DiskFullException;
import io.agentledger.store.DurableFiles;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Detects lost output of a process: its disk is full, or a run is silent although nothing is in
 * progress whose end it could report.
 */
final class OutputLossDetector {
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final ProcessContext processContext;
  private final ModelEndpoint.Connection connection;
  private final Watchdog watchdog;
  private final SupervisionClock clock;
  private volatile Instant lastSign;
  private Instant nextCheck;

  OutputLossDetector(
      ProcessContext processContext,
      ModelEndpoint.Connection connection,
      Watchdog watchdog,
      SupervisionClock clock) {
    this.processContext = processContext;
    this.connection = connection;
    this.watchdog = watchdog;
    this.clock = clock;
    this.lastSign = clock.instant();
    this.nextCheck = lastSign;
  }

  /** Handles output. While the CLI waits to retry a model request it writes none. */
  void onOutput(List<JournalTailer.Entry> batch) {
    Instant now = clock.instant();
    lastSign = now;
    for (JournalTailer.Entry entry : batch) {
      if (entry.message() instanceof ApiRetry retry) {
        lastSign = now.plus(retry.delay());
      }
    }
  }

  /** Returns the time of the last activity. */
  Instant lastSign() {
    return clock.toMachineTime(lastSign);
  }

  /** Checks for lost output. Called on the supervisor's thread. */
  Optional<ProcessFault> check(RunCoordinator coordinator) {
    Instant now = clock.instant();
    Optional<RunAttempt.AttemptState> run = coordinator.currentAttemptState();
    if (run.isEmpty()) {
      return Optional.empty();
    }
    if (now.isAfter(nextCheck)) {
      nextCheck = now.plus(INTERVAL);
      try {
        DurableFiles.requireRoom(processContext.process().directory());
      } catch (DiskFullException full) {
        return Optional.of(ProcessFault.diskFull(full));
      }
      if (isCallOpen(run.get())) {
        coordinator.refreshState(); // Its result is recorded.
      }
    }
    if (isInProgress(coordinator, run.get())) {
      lastSign = lastSign.isAfter(now) ? lastSign : now;
      return Optional.empty();
    }
    return watchdog.isStalled(lastSign, now)
        ? ProcessFault.cliFault(
            "the CLI was silent for "
                + watchdog.stallTimeout()
                + " while nothing was in progress: its output was lost")
        : Optional.empty();
  }

  private boolean isInProgress(RunCoordinator coordinator, RunAttempt.AttemptState run) {
    return !run.initialized
        || coordinator.isWaiting()
        || connection.isExchanging()
        || connection.findOutage(run.attempt.run()).isPresent()
        || isCallOpen(run);
  }

  /** After a takeover, a call may be known only from the record. */
  private boolean isCallOpen(RunAttempt.AttemptState run) {
    return processContext.state().run(run.attempt.run()).filter(RunState::hasOpenCall).isPresent();
  }
}
