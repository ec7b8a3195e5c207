package io.agentledger.command.hook;

import io.agentledger.api.hook.HookTerms;
import io.agentledger.api.identity.TenantId;

/** What a hook must know of the house and of the others of its tenant to be made. */
interface Registry {
  /** How many there are that are not archived. */
  int countOf(TenantId tenant);

  /** What could never be called is {@link io.agentledger.api.shared.Rejected}. */
  void check(TenantId tenant, HookTerms terms);
}
