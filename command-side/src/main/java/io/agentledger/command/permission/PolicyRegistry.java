package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;

/** Lookups that a policy needs of the other policies of its tenant. */
interface PolicyRegistry {
  /** Returns the number of policies that are not archived. */
  int countOf(TenantId tenant);

  /**
   * Validates a policy.
   *
   * @throws io.agentledger.api.shared.RejectionException if a rule does not compile or cannot be
   *     enforced
   */
  void check(TenantId tenant, PolicyDefinition definition);
}
