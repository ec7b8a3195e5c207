package io.agentledger.api.shared;

import io.agentledger.api.identity.security.TenantScoped;

/** Query for a page of what a tenant has configured, newest first. */
public interface ConfigurationListQuery extends TenantScoped {
  boolean includeArchived();

  PageRequest page();
}
