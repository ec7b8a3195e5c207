package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.identity.TenantId;

/** Lookups that an environment needs of the other environments of its tenant. */
interface EnvironmentRegistry {
  /**
   * Locks the tenant's environments until the transaction ends: no other one changes, and no
   * session opens.
   */
  void lock(TenantId tenant);

  /** Returns the number of environments, archived ones included. */
  int countOf(TenantId tenant);

  /** Returns whether another environment has the name. */
  boolean isNameTaken(TenantId tenant, String name, EnvironmentId environmentId);

  boolean isDefault(TenantId tenant, EnvironmentId environment);

  /** Returns whether a session was ever opened in the environment. */
  boolean isUsed(EnvironmentId environment);

  /** Returns how often the tenant has chosen its default. */
  long defaultChangeNumber(TenantId tenant);

  /**
   * Validates a definition.
   *
   * @throws io.agentledger.api.shared.RejectionException if this installation cannot provide it
   */
  void check(EnvironmentDefinition definition);
}
