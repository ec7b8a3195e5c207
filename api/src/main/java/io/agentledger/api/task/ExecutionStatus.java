package io.agentledger.api.task;

/** Status of an execution or of one of its attempts. */
public enum ExecutionStatus {
  /** It waits for a slot, or for the time of its next attempt. */
  QUEUED,
  RUNNING,
  /** Its session waits for an answer of a client. */
  WAITING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  TIMED_OUT;

  /** Returns whether the status is final. */
  public boolean isFinal() {
    return compareTo(SUCCEEDED) >= 0;
  }
}
