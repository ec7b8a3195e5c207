package io.agentledger.command.support;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.vault.SecretRef;
import java.util.List;
import org.axonframework.messaging.MetaData;

/** Right to name secrets that the service sends to other servers. */
public final class VaultUse {
  private VaultUse() {}

  /** Returns whether a caller may name secrets. */
  public static boolean isPermitted(Caller caller) {
    return caller.role() != Role.AGENT && caller.has(Scope.VAULTS_WRITE);
  }

  /**
   * Rejects the use of secrets by callers who may not change vaults, and by agents, as for hooks of
   * sessions: they could send the secrets to any path of their servers.
   */
  public static void require(List<SecretRef> secrets, MetaData metaData) {
    if (secrets.isEmpty()) return;
    var caller = Caller.of(metaData);
    if (caller.filter(principal -> principal.role() == Role.AGENT).isPresent())
      throw new RejectionException(new Forbidden());
    if (caller.filter(principal -> principal.has(Scope.VAULTS_WRITE)).isEmpty())
      throw new RejectionException(InsufficientScope.allOf(List.of(Scope.VAULTS_WRITE)));
  }
}
