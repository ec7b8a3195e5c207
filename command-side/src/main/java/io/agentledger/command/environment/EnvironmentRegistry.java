package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;

/** Lookups that an environment needs of the other environments of its tenant. */
interface EnvironmentRegistry {
  /**
   * Until the transaction ends no other environment of the tenant changes, and no session opens.
   */
  void lock(TenantId tenant);

  /** How many there are, archived ones included. */
  int countOf(TenantId tenant);

  /** Whether another one has that name. */
  boolean isNameTaken(TenantId tenant, String name, EnvironmentId environmentId);

  boolean isDefault(TenantId tenant, EnvironmentId environment);

  /** Whether a session was ever opened in it. */
  boolean isUsed(EnvironmentId environment);

  /** How often the tenant has chosen its standard. */
  long defaultChangeNumber(TenantId tenant);

  /** What nothing here would carry out is {@link io.agentledger.api.shared.RejectionException}. */
  void check(EnvironmentDefinition definition);
}
