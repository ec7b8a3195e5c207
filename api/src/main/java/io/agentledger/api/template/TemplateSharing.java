package io.agentledger.api.template;

/** Visibility of a template beside its owner and users who may see every session of the tenant. */
public enum TemplateSharing {
  /** Nobody. */
  PRIVATE,
  /** All of the tenant: they may use it, and not change it. */
  TENANT
}
