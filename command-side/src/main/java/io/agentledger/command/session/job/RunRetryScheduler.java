package io.agentledger.command.session.job;

import io.agentledger.command.claude.runner.Runner.Assignment;
import java.time.Instant;

/** Schedules the next try of a run. */
public interface RunRetryScheduler {
  /**
   * Schedules a try in the caller's transaction: the retry delay after the last one failed.
   * Idempotent.
   */
  void schedule(Assignment assignment, int tries, Instant failedAt);
}
