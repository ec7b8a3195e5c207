package io.agentledger.command.session;

import io.agentledger.command.claude.Runner.Assignment;

/** Where a run gets its next try from. */
interface RunRetries {
  /** After a pause, in the caller's transaction; the same try asked for twice is one. */
  void schedule(Assignment assignment, int tries);
}
