package io.agentledger.api.trigger;

/** Status of a delivery. */
public enum DeliveryStatus {
  /** It waits to be processed. */
  PENDING,
  /** It queued an execution. */
  QUEUED,
  /** It started a flow. */
  FLOW_STARTED,
  /** It decided about the plan of a flow. */
  DECIDED,
  /** Its comment got a reply that lists the commands. */
  ANSWERED,
  IGNORED,
  /** A later delivery replaced its execution or flow. */
  MERGED,
  FAILED
}
