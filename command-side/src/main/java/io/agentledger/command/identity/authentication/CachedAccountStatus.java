package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.command.support.AccountStatus;
import io.agentledger.command.support.InstallationOwner;
import java.util.Optional;

/**
 * Status of accounts, with a cache of active ones: each request that authenticates a user renews
 * the entry. The local owner is always active.
 */
record CachedAccountStatus(
    AuthenticationCache authenticationCache, CredentialLookup lookup, InstallationOwner owner)
    implements AccountStatus {
  @Override
  public Optional<Inactivity> findInactivity(TenantId tenant, UserId user) {
    if (user.equals(owner.user()) || authenticationCache.isActive(tenant, user))
      return Optional.empty();
    long before = authenticationCache.changeCount();
    var inactivity = lookup.findInactivity(tenant, user);
    if (inactivity.isEmpty()) authenticationCache.storeActive(tenant, user, before);
    return inactivity;
  }
}
