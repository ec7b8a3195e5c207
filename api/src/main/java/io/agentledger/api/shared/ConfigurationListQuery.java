package io.agentledger.api.shared;

import io.agentledger.api.identity.security.TenantScoped;

/** Query for a page of configuration objects of a tenant, newest first. */
public interface ConfigurationListQuery extends TenantScoped {
  boolean includeArchived();

  PageRequest page();
}
