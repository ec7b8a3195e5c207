package io.agentledger.api.permission;

/** Effect of a rule on a tool call; if several rules match, the first of these wins. */
public enum Effect {
  DENY,
  /** A person decides, each time. */
  ASK,
  ALLOW
}
