package io.agentledger.command.session.job;

import io.agentledger.command.claude.runner.Runner.Assignment;

/** Schedules the next try of a run. */
public interface RunRetryScheduler {
  /** Schedules a try after the retry delay, in the caller's transaction. Idempotent. */
  void schedule(Assignment assignment, int tries);
}
