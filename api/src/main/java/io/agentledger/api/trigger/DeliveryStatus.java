package io.agentledger.api.trigger;

/** Status of a delivery. */
public enum DeliveryStatus {
  /** It waits to be processed. */
  PENDING,
  /** It queued an execution. */
  QUEUED,
  IGNORED,
  /** A later delivery replaced its execution. */
  MERGED,
  FAILED
}
