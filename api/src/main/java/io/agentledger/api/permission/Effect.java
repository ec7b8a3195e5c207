package io.agentledger.api.permission;

/** What a rule says to a tool call; of several that match the first of these wins. */
public enum Effect {
  DENY,
  /** A person decides, each time. */
  ASK,
  ALLOW
}
