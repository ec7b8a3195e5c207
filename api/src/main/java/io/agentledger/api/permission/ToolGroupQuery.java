package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/** Queries about tool groups. */
public sealed interface ToolGroupQuery extends TenantScoped {
  /** Lists groups by name, without archived ones; returns a page of {@link ToolGroupView}. */
  @RequiresScope(Scope.POLICIES_READ)
  @StableName("ListToolGroups")
  record ListToolGroups(TenantId tenant, PageRequest page) implements ToolGroupQuery {}

  /**
   * Lists the names of the groups that are not archived, including those that were created just
   * before; for callers who can name them in a request.
   */
  @RequiresScope({Scope.SESSIONS_WRITE, Scope.POLICIES_WRITE, Scope.HOOKS_WRITE})
  @StableName("ListToolGroupNames")
  record ListToolGroupNames(TenantId tenant) implements ToolGroupQuery {}

  /** Returns a {@link ToolGroupView}. */
  @RequiresScope(Scope.POLICIES_READ)
  @StableName("FindToolGroup")
  record FindToolGroup(TenantId tenant, ToolGroupId toolGroupId) implements ToolGroupQuery {}
}
