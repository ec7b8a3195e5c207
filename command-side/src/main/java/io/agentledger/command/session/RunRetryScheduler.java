package io.agentledger.command.session;

import io.agentledger.command.claude.runner.Runner.Assignment;

/** Schedules the next try of a run. */
interface RunRetryScheduler {
  /** After a pause, in the caller's transaction; the same try asked for twice is one. */
  void schedule(Assignment assignment, int tries);
}
