package io.agentledger.command.claude.run;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.state.SessionAvailability;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a process has to end without a fault: its session was archived or has another
 * owner, or its run left background work that is not awaited. Confined to one thread.
 */
final class ProcessRetirement {
  /** Time within which a CLI that is busy without a run must become idle. */
  private static final Duration REST_TIMEOUT = Duration.ofSeconds(3);

  private final ProcessContext processContext;
  private final int transfersAtStart;
  private boolean endsTasks;
  private Optional<Instant> since = Optional.empty();

  ProcessRetirement(ProcessContext processContext) {
    this.processContext = processContext;
    this.transfersAtStart = processContext.state().availability().transfers();
  }

  /** Records the mode of a run that has ended. */
  void onRunEnded(PermissionMode mode) {
    endsTasks = mode.isNonInteractive();
  }

  /**
   * Returns why the process may execute no further run; empty if it may.
   *
   * @param awaited whether earlier requests to it are still unanswered
   */
  Optional<String> reason(boolean awaited) {
    SessionAvailability availability = processContext.state().availability();
    if (availability.transfers() > transfersAtStart
        || availability.isTransferredSinceFirstRunOf(processContext.id())) {
      return Optional.of("The session has another owner.");
    }
    if (endsTasks && hasTasks()) {
      return Optional.of("The run ended, and its executor is background.");
    }
    return awaited ? Optional.empty() : availability.suspension();
  }

  private boolean hasTasks() {
    return !processContext.state().pendingRequests().runningTasks(processContext.id()).isEmpty();
  }

  /**
   * Returns whether the process has to end now: at once if the CLI is idle, otherwise after a short
   * time.
   *
   * @param retires whether there is a reason, and no run in progress
   */
  boolean isDue(boolean retires, boolean cliBusy, Instant now) {
    since = retires ? since.or(() -> Optional.of(now)) : Optional.empty();
    return retires && (!cliBusy || now.isAfter(since.orElseThrow().plus(REST_TIMEOUT)));
  }
}
