package io.agentledger.api.permission;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Queries about policies. */
public sealed interface PolicyQuery extends TenantScoped {
  /** Lists policies, newest first; returns a page of {@link PolicyView}. */
  @RequiresScope(Scope.POLICIES_READ)
  @StableName("ListPolicies")
  record ListPolicies(TenantId tenant, boolean includeArchived, PageRequest page)
      implements PolicyQuery, ConfigurationListQuery {}

  /** Returns a {@link PolicyView}. */
  @RequiresScope(Scope.POLICIES_READ)
  @StableName("FindPolicy")
  record FindPolicy(TenantId tenant, PolicyId policyId) implements PolicyQuery {}

  /**
   * Evaluates these rules alone against recorded tool calls of sessions that the caller may see,
   * newest first; returns a {@link DryRunView}. Paths are evaluated as recorded, because later
   * changes of symbolic links are unknown.
   *
   * @param sessionId null for all sessions
   */
  @RequiresScope(Scope.POLICIES_READ)
  @StableName("DryRunPolicy")
  record DryRunPolicy(
      TenantId tenant, List<PolicyRule> rules, @Nullable SessionId sessionId, PageRequest page)
      implements PolicyQuery {
    public DryRunPolicy {
      rules = List.copyOf(rules);
    }
  }

  /** Lists policy versions, newest first; returns a page of {@link PolicyVersionView}. */
  @RequiresScope(Scope.POLICIES_READ)
  @StableName("ListPolicyVersions")
  record ListPolicyVersions(TenantId tenant, PolicyId policyId, PageRequest page)
      implements PolicyQuery {}
}
