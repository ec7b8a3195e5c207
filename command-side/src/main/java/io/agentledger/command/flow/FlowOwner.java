package io.agentledger.command.flow;

import io.agentledger.api.flow.FlowFailure;
import io.agentledger.api.flow.FlowOrigin;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.support.TenantMembership;
import java.util.Optional;

/** Owners of flows with their present roles. */
record FlowOwner(TenantMembership members) {
  /** Ends a flow whose owner may not continue it. */
  static final FlowFailure INACTIVE =
      new FlowFailure(
          "user_inactive",
          "The owner of the flow is disabled, has left the tenant, or may not write sessions or use"
              + " the secrets of the flow, or the tenant is suspended.");

  /** Returns the owner as a caller; empty if the owner is not active. */
  Optional<Caller> find(TenantId tenant, FlowState flow) {
    return members
        .findActiveRole(tenant, flow.principal().userId())
        .map(role -> toCaller(tenant, flow, role));
  }

  /** A trigger acts for the user: so the record shows it, and no platform tool answers to it. */
  private static Caller toCaller(TenantId tenant, FlowState flow, Role role) {
    return flow.origin() instanceof FlowOrigin.Trigger trigger
        ? flow.principal().toCaller(tenant, role, new TriggerId(trigger.triggerId()))
        : flow.principal().toCaller(tenant, role);
  }

  /** Returns whether content of the flow may still leave the service, with its secrets. */
  boolean mayPublish(TenantId tenant, FlowState flow) {
    boolean usesVaults = !flow.definition().credentials().isEmpty();
    return find(tenant, flow)
        .filter(owner -> owner.has(Scope.SESSIONS_WRITE))
        .filter(owner -> !usesVaults || owner.has(Scope.VAULTS_WRITE))
        .isPresent();
  }
}
