package io.agentledger.command.claude.run;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.command.claude.process.ProcessContext;
import io.agentledger.command.claude.state.SessionAvailability;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Tells whether a process has to end although nothing is wrong with it: its session was put away or
 * has another owner, or its run left work behind that nobody waits for. One thread's own.
 */
final class ProcessRetirement {
  /** How long a CLI that is still busy without a run may take to come to rest. */
  private static final Duration REST_TIMEOUT = Duration.ofSeconds(3);

  private final ProcessContext processContext;
  private final int transfersAtStart;
  private boolean endsTasks;
  private Optional<Instant> since = Optional.empty();

  ProcessRetirement(ProcessContext processContext) {
    this.processContext = processContext;
    this.transfersAtStart = processContext.state().availability().transfers();
  }

  /** A run ended that had this mode. */
  void onRunEnded(PermissionMode mode) {
    endsTasks = mode.isNonInteractive();
  }

  /**
   * Why the process may carry out no further run, if it may not.
   *
   * @param awaited whether something that was asked of it before is still to be done
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
   * Whether it has to end now: a CLI at rest at once, another one after a short time.
   *
   * @param retires whether there is a reason, and no run in progress
   */
  boolean isDue(boolean retires, boolean cliBusy, Instant now) {
    since = retires ? since.or(() -> Optional.of(now)) : Optional.empty();
    return retires && (!cliBusy || now.isAfter(since.orElseThrow().plus(REST_TIMEOUT)));
  }
}
