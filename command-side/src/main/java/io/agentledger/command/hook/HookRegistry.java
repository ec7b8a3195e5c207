package io.agentledger.command.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.identity.TenantId;

/** Lookups that a hook needs of the other hooks of its tenant. */
interface HookRegistry {
  /** Returns the number of hooks that are not archived. */
  int countOf(TenantId tenant);

  /**
   * Validates a hook.
   *
   * @throws io.agentledger.api.shared.RejectionException if it could never be called
   */
  void check(TenantId tenant, HookDefinition definition);
}
