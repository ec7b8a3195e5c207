package io.agentledger.api.audit;

/** How it ended for the one who did it. */
public enum Outcome {
  SUCCEEDED,
  /** They were refused. */
  DENIED
}
