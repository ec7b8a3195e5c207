package io.agentledger.api.permission;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Scoped;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.PageRequest;

/** What can be asked about named groups of tools. */
public sealed interface ToolGroupQuery extends Scoped {
  /** By name, without those that are archived; a page of {@link ToolGroupView}. */
  @Needs(Scope.POLICIES_READ)
  record ListToolGroups(TenantId tenant, PageRequest page) implements ToolGroupQuery {}

  /** Answered with a {@link ToolGroupView}. */
  @Needs(Scope.POLICIES_READ)
  record FindToolGroup(TenantId tenant, ToolGroupId toolGroupId) implements ToolGroupQuery {}
}
