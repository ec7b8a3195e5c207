package io.agentledger.api.vault;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.RequiresScope;

/** What operators ask about master keys. */
public sealed interface MasterKeyQuery {
  /** Oldest first; answered with a list of {@link MasterKeyView}. */
  @RequiresScope(Scope.OPS_READ)
  record ListMasterKeys() implements MasterKeyQuery {}
}
