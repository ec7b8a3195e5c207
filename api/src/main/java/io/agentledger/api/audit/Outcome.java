package io.agentledger.api.audit;

/** Outcome of an audited action. */
public enum Outcome {
  SUCCEEDED,
  /** The request was denied. */
  DENIED
}
