package io.agentledger.api.flow;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.ConfigurationListQuery;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.TaskId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Queries about flows, and about identities at providers. */
public sealed interface FlowQuery extends TenantScoped {
  /**
   * Lists flows, newest first; returns a page of {@link FlowView} without steps.
   *
   * @param statuses empty for all
   * @param taskId task of any step; null for all
   * @param triggerId null for all
   * @param owner null for all that the caller may see
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListFlows")
  record ListFlows(
      TenantId tenant,
      Set<FlowStatus> statuses,
      @Nullable TaskId taskId,
      @Nullable String triggerId,
      @Nullable UserId owner,
      PageRequest page)
      implements FlowQuery {}

  /** Returns a {@link FlowView} with its steps. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindFlow")
  record FindFlow(TenantId tenant, FlowId flowId) implements FlowQuery {}

  /** Returns a {@link FlowPlanView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindFlowPlan")
  record FindFlowPlan(TenantId tenant, FlowId flowId) implements FlowQuery {}

  /**
   * Returns the {@link FlowId} of the flows of an item that wait for a decision, oldest first, as a
   * list.
   *
   * @param project see {@link SourceReference}
   * @param item see {@link SourceReference}
   */
  @InternalOnly
  @StableName("ListFlowsToDecide")
  record ListFlowsToDecide(TenantId tenant, SourceProvider provider, String project, String item)
      implements FlowQuery {}

  /**
   * Returns the {@link FlowId} of the flow of an item about which the comment of a delivery
   * decided, as a list of at most one.
   *
   * @param project see {@link SourceReference}
   * @param item see {@link SourceReference}
   */
  @InternalOnly
  @StableName("ListFlowsDecidedFromSource")
  record ListFlowsDecidedFromSource(
      TenantId tenant, SourceProvider provider, String project, String item, String deliveryId)
      implements FlowQuery {}

  /** Lists identities at providers, newest first; returns a page of {@link SourceIdentityView}. */
  @RequiresScope(Scope.USERS_READ)
  @StableName("ListSourceIdentities")
  record ListSourceIdentities(TenantId tenant, PageRequest page)
      implements FlowQuery, ConfigurationListQuery {
    @Override
    public boolean includeArchived() {
      return false;
    }
  }

  /** Returns a {@link SourceIdentityView}. */
  @RequiresScope(Scope.USERS_READ)
  @StableName("FindSourceIdentity")
  record FindSourceIdentity(TenantId tenant, SourceIdentityId sourceIdentityId)
      implements FlowQuery {}
}
