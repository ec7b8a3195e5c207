package io.agentledger.api.template;

/** Who sees a template beside its owner, and those who see every session of the tenant. */
public enum TemplateSharing {
  /** Nobody. */
  PRIVATE,
  /** All of the tenant: they may use it, and not change it. */
  TENANT
}
