package io.agentledger.api.vault;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/** Commands of operators for master keys. */
@StableName("master_key")
public sealed interface MasterKeyCommand extends ApiCommand {
  /**
   * Starts a rotation to another master key while the service runs; returns its {@link MasterKeyId}
   * before the rotation has ended.
   */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("RotateMasterKey")
  record RotateMasterKey(@Nullable Idempotency idempotency)
      implements MasterKeyCommand, Idempotent {}

  /** Records that all keys are wrapped with the new master key. */
  @InternalOnly
  @StableName("FinishRotation")
  record FinishRotation(MasterKeyId masterKeyId) implements MasterKeyCommand {}

  /** Removes a master key that wraps nothing any more. */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("RetireMasterKey")
  record RetireMasterKey(MasterKeyId masterKeyId) implements MasterKeyCommand {}
}
