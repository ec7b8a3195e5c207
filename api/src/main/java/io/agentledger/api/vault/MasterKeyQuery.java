package io.agentledger.api.vault;

import io.agentledger.api.identity.Needs;
import io.agentledger.api.identity.Scope;

/** What operators ask about master keys. */
public sealed interface MasterKeyQuery {
  /** Oldest first; answered with a list of {@link MasterKeyView}. */
  @Needs(Scope.OPS_READ)
  record ListMasterKeys() implements MasterKeyQuery {}
}
