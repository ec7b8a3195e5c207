package io.agentledger.api.subscription;

import io.agentledger.api.identity.TenantId;

/** Checks of subscriptions against others and against the settings of the installation. */
public interface SubscriptionRegistry {
  /** Returns the number of subscriptions of a tenant; others wait for this transaction. */
  int countLocked(TenantId tenant);

  /** Rejects a definition whose requests could never be sent. */
  void check(TenantId tenant, SubscriptionDefinition definition);
}
