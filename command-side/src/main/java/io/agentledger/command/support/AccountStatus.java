package io.agentledger.command.support;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import java.util.Optional;

/** Status of the accounts for which runs begin. Thread-safe. */
@FunctionalInterface
public interface AccountStatus {
  /** Reason for which no run of an account begins. */
  enum Inactivity {
    TENANT_SUSPENDED,
    USER_DISABLED
  }

  /**
   * Returns why no run of the user begins; empty if it may. Mostly from memory: a change of this
   * node is effective with its commit, one of another node within moments.
   */
  Optional<Inactivity> findInactivity(TenantId tenant, UserId user);
}
