package io.agentledger.command.identity.user;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;

/** Keeps every tenant from losing its last admin. */
interface LastAdminGuard {
  /** Refuses unless somebody else is an admin of the tenant, too, and will stay one. */
  void requireAnotherAdmin(TenantId tenant, UserId excludedUser);
}
