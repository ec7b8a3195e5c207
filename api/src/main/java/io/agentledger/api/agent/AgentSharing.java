package io.agentledger.api.agent;

/** Visibility of an agent beside its owner and users who may see every session of the tenant. */
public enum AgentSharing {
  /** No other users. */
  PRIVATE,
  /** All users of the tenant: they may use it, but not change it. */
  TENANT
}
