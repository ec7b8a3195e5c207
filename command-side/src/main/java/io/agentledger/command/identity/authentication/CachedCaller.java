package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.event.ApiKeyEvent;
import io.agentledger.api.identity.event.IdentityEvent;
import io.agentledger.api.identity.event.LoginEvent;
import io.agentledger.api.identity.event.TenantEvent;
import io.agentledger.api.identity.event.UserEvent;
import java.time.Instant;

/**
 * Caller of a credential, as found by a lookup.
 *
 * @param expiresAt expiry of the credential itself
 */
record CachedCaller(Caller caller, Instant expiresAt) {
  /** Returns whether the event may have changed the caller. */
  boolean isChangedBy(IdentityEvent event) {
    return switch (event) {
      case TenantEvent tenant -> caller.tenant().equals(tenant.tenantId());
      case UserEvent user -> caller.user().equals(user.userId());
      case ApiKeyEvent key -> caller.credential().equals(key.keyId());
      case LoginEvent login -> caller.credential().equals(login.loginId());
      default -> false;
    };
  }
}
