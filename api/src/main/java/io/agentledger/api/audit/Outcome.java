package io.agentledger.api.audit;

/** Outcome of an audited action. */
public enum Outcome {
  SUCCEEDED,
  /** They were refused. */
  DENIED
}
