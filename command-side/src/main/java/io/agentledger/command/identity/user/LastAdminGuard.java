package io.agentledger.command.identity.user;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;

/** Protects the last admin of every tenant. */
interface LastAdminGuard {
  /** Rejects unless another user is an admin of the tenant and stays one. */
  void requireAnotherAdmin(TenantId tenant, UserId excludedUser);
}
