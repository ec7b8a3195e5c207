package io.agentledger.api.template;

/** Visibility of a template beside its owner and users who may see every session of the tenant. */
public enum TemplateSharing {
  /** No other users. */
  PRIVATE,
  /** All users of the tenant: they may use it, but not change it. */
  TENANT
}
