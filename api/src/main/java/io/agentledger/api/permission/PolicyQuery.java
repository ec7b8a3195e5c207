package io.agentledger.api.permission;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Scoped;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.PageRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked about policies. */
public sealed interface PolicyQuery extends Scoped {
  /** Newest first; answered with a page of {@link PolicyView}. */
  @Needs(Scope.POLICIES_READ)
  record ListPolicies(TenantId tenant, boolean includeArchived, PageRequest page)
      implements PolicyQuery {}

  /** Answered with a {@link PolicyView}. */
  @Needs(Scope.POLICIES_READ)
  record FindPolicy(TenantId tenant, PolicyId policyId) implements PolicyQuery {}

  /**
   * What these rules alone would have said to recorded calls of sessions that the caller may see,
   * newest first; answered with a {@link DryRunView}. Paths are taken as they were named: what was
   * a link then nobody knows any more.
   *
   * @param sessionId null for all sessions
   */
  @Needs(Scope.POLICIES_READ)
  record DryRun(
      TenantId tenant, List<PolicyRule> rules, @Nullable SessionId sessionId, PageRequest page)
      implements PolicyQuery {
    public DryRun {
      rules = List.copyOf(rules);
    }
  }

  /** Newest first; answered with a page of {@link PolicyVersionView}. */
  @Needs(Scope.POLICIES_READ)
  record ListPolicyVersions(TenantId tenant, PolicyId policyId, PageRequest page)
      implements PolicyQuery {}
}
