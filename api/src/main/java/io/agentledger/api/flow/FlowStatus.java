package io.agentledger.api.flow;

/** Status of a flow. */
public enum FlowStatus {
  /** An execution makes the plan. */
  PLANNING,
  /** The plan waits for a decision. */
  AWAITING_APPROVAL,
  /** An execution does the work. */
  EXECUTING,
  /** The files of the work are pushed, and a pull request is opened. */
  PUBLISHING,
  SUCCEEDED,
  /** A user rejected the plan. */
  REJECTED,
  FAILED,
  /** A user cancelled the flow. */
  CANCELLED,
  /** Nobody decided about the plan in time. */
  TIMED_OUT;

  /** Returns whether the status is final. */
  public boolean isFinal() {
    return compareTo(SUCCEEDED) >= 0;
  }
}
