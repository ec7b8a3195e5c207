package io.agentledger.api.environment;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/**
 * Queries about environments. A user who may open sessions may use all environments of the tenant.
 */
public sealed interface EnvironmentQuery extends TenantScoped {
  /** Lists environments, newest first; returns a page of {@link EnvironmentView}. */
  @RequiresScope(Scope.ENVIRONMENTS_READ)
  @StableName("ListEnvironments")
  record ListEnvironments(TenantId tenant, boolean includeArchived, PageRequest page)
      implements EnvironmentQuery, ConfigurationListQuery {}

  /** Returns an {@link EnvironmentView}. */
  @RequiresScope(Scope.ENVIRONMENTS_READ)
  @StableName("FindEnvironment")
  record FindEnvironment(TenantId tenant, EnvironmentId environmentId)
      implements EnvironmentQuery {}

  /** Lists environment versions, newest first; returns a page of {@link EnvironmentVersionView}. */
  @RequiresScope(Scope.ENVIRONMENTS_READ)
  @StableName("ListEnvironmentVersions")
  record ListEnvironmentVersions(TenantId tenant, EnvironmentId environmentId, PageRequest page)
      implements EnvironmentQuery {}
}
