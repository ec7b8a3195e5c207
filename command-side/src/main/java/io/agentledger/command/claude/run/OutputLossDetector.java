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
 * Tells when output of a process is being lost, or was: its disk takes no more, or a run is silent
 * though nothing is in progress whose end it could report.
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

  /** The CLI has said something; while it waits to ask the model again it says nothing. */
  void onOutput(List<JournalTailer.Entry> batch) {
    Instant now = clock.instant();
    lastSign = now;
    for (JournalTailer.Entry entry : batch) {
      if (entry.message() instanceof ApiRetry retry) {
        lastSign = now.plus(retry.delay());
      }
    }
  }

  /** Since when nothing was heard of what is in progress. */
  Instant lastSign() {
    return clock.toMachineTime(lastSign);
  }

  /** On the attendant's thread. */
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
        coordinator.refreshState(); // What it returned is on the record.
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

  /** A process that was taken over may be at a call that only the record knows. */
  private boolean isCallOpen(RunAttempt.AttemptState run) {
    return processContext.state().run(run.attempt.run()).filter(RunState::hasOpenCall).isPresent();
  }
}
