package io.agentledger.api.trigger;

/** Policy for a delivery while an execution with the same concurrency key has not ended. */
public enum ConcurrencyPolicy {
  /** Its execution, or the first one of its flow, starts after the earlier ones. */
  QUEUE,
  /** It replaces an execution, or a flow, that still waits; one in progress is not affected. */
  MERGE,
  /** It starts no flow while another one has not ended; only for flows. */
  REFUSE
}
