package io.agentledger.api.permission;

/**
 * Effect of a rule on a tool call; if several rules match, the effect that is declared first wins.
 */
public enum Effect {
  DENY,
  /** A user decides each time. */
  ASK,
  ALLOW
}
