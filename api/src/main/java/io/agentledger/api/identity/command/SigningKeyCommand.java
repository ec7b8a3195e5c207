package io.agentledger.api.identity.command;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/** Commands for the keys that sign access tokens. */
@StableName("signing_key")
public sealed interface SigningKeyCommand extends IdentityCommand {
  /**
   * Creates the next key, which is published at once and signs a little later; returns its {@link
   * CredentialId}.
   */
  @RequiresScope(Scope.OPS_WRITE)
  @StableName("RotateSigningKey")
  record RotateSigningKey(@Nullable Idempotency idempotency)
      implements SigningKeyCommand, Idempotent {}

  /**
   * Creates the first key, and the next one when the newest is old; removes keys that are not
   * needed any more.
   */
  @InternalOnly
  @StableName("MaintainSigningKeys")
  record MaintainSigningKeys() implements SigningKeyCommand {}
}
