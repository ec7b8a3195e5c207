package io.agentledger.api.task;

/** Visibility of a task beside its owner and users who may see every session of the tenant. */
public enum TaskSharing {
  /** No other users. */
  PRIVATE,
  /** All users of the tenant: they may run it as themselves, but not change it. */
  TENANT
}
