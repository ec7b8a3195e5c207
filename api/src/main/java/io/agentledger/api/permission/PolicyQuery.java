package io.agentledger.api.permission;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Scoped;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.PageRequest;

/** What can be asked about policies. */
public sealed interface PolicyQuery extends Scoped {
  /** Newest first; answered with a page of {@link PolicyView}. */
  @Needs(Scope.POLICIES_READ)
  record ListPolicies(TenantId tenant, boolean includeArchived, PageRequest page)
      implements PolicyQuery {}

  /** Answered with a {@link PolicyView}. */
  @Needs(Scope.POLICIES_READ)
  record FindPolicy(TenantId tenant, PolicyId policyId) implements PolicyQuery {}

  /** Newest first; answered with a page of {@link PolicyVersionView}. */
  @Needs(Scope.POLICIES_READ)
  record ListPolicyVersions(TenantId tenant, PolicyId policyId, PageRequest page)
      implements PolicyQuery {}
}
