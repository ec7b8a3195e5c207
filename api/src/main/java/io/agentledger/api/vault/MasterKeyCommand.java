package io.agentledger.api.vault;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/** Commands of operators for master keys. */
@StableName("master_key")
public sealed interface MasterKeyCommand {
  /**
   * Puts another master key in the place of the present one while the service runs; answered with
   * its {@link MasterKeyId} before that is done.
   */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("RotateMasterKey")
  record RotateMasterKey(@Nullable Idempotency idempotency)
      implements MasterKeyCommand, Idempotent {}

  /** Everything is under it. */
  @InternalOnly
  @StableName("FinishRotation")
  record FinishRotation(MasterKeyId masterKeyId) implements MasterKeyCommand {}

  /** Forgets a key that nothing is under any more. */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("RetireMasterKey")
  record RetireMasterKey(MasterKeyId masterKeyId) implements MasterKeyCommand {}
}
