package io.agentledger.api.vault;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.StableName;

/** Queries of operators about master keys. */
public sealed interface MasterKeyQuery {
  /** Lists master keys, oldest first; returns a list of {@link MasterKeyView}. */
  @RequiresScope(Scope.OPS_READ)
  @StableName("ListMasterKeys")
  record ListMasterKeys() implements MasterKeyQuery {}
}
