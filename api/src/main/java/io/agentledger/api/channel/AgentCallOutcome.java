package io.agentledger.api.channel;

/** Outcome of a call of the agent. */
public enum AgentCallOutcome {
  /** The agent sent a message. */
  ANSWERED,
  /** The agent ended without a message. */
  SILENT,
  /** The request was accepted; the agent answers with its token. */
  ACCEPTED,
  /** All tries failed. */
  FAILED,
  /**
   * The chat was taken over or closed meanwhile, or the agent switched off: there is no answer, and
   * the messages of the call were not for it.
   */
  DROPPED
}
