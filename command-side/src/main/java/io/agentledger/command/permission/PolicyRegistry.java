package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyDefinition;

/** Lookups that a policy needs of the other policies of its tenant. */
interface PolicyRegistry {
  /** How many there are that are not archived. */
  int countOf(TenantId tenant);

  /** What cannot be held is {@link io.agentledger.api.shared.RejectionException}. */
  void check(TenantId tenant, PolicyDefinition definition);
}
