package io.agentledger.command.permission;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.permission.PolicyTerms;

/** What a policy must know of the others of its tenant to be made. */
interface Statute {
  /** How many there are that are not archived. */
  int countOf(TenantId tenant);

  /** What cannot be held is {@link io.agentledger.api.shared.Rejected}. */
  void check(TenantId tenant, PolicyTerms terms);
}
