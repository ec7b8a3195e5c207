package io.agentledger.command.identity.caller;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.IdentityEvent;
import io.agentledger.api.identity.KeyEvent;
import io.agentledger.api.identity.LoginEvent;
import io.agentledger.api.identity.TenantEvent;
import io.agentledger.api.identity.UserEvent;
import java.time.Instant;

/**
 * Who a credential was found to be.
 *
 * @param until when the credential itself stops to count
 */
record Known(Caller caller, Instant until) {
  /** Whether that may have changed who it is. */
  boolean isChangedBy(IdentityEvent event) {
    return switch (event) {
      case TenantEvent tenant -> caller.tenant().equals(tenant.tenantId());
      case UserEvent user -> caller.user().equals(user.userId());
      case KeyEvent key -> caller.credential().equals(key.keyId());
      case LoginEvent login -> caller.credential().equals(login.loginId());
      default -> false;
    };
  }
}
