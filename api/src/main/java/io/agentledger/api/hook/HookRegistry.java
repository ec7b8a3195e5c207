package io.agentledger.api.hook;

import io.agentledger.api.identity.TenantId;

/** Lookups and rules that a new hook needs. */
public interface HookRegistry {
  /** Returns the number of registered hooks that are not archived. */
  int countOf(TenantId tenant);

  /**
   * Validates a hook.
   *
   * @throws io.agentledger.api.shared.RejectionException if it could never be called
   */
  void check(TenantId tenant, HookDefinition definition);
}
