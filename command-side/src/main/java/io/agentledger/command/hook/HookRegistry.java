package io.agentledger.command.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.identity.TenantId;

/** Lookups that a hook needs of the other hooks of its tenant. */
interface HookRegistry {
  /** How many there are that are not archived. */
  int countOf(TenantId tenant);

  /** What could never be called is {@link io.agentledger.api.shared.RejectionException}. */
  void check(TenantId tenant, HookDefinition definition);
}
