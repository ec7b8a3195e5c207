package io.agentledger.api.identity;

import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import org.jspecify.annotations.Nullable;

/** What can be wished of the keys that access tokens are signed with. */
public sealed interface SigningKeyCommand extends IdentityCommand {
  /** Makes the next key, published now and signing soon; answered with its {@link KeyId}. */
  @Needs(Scope.OPS_WRITE)
  record RotateSigningKey(@Nullable Idempotency idempotency)
      implements SigningKeyCommand, Idempotent {}

  /** Makes the first key, and the next one when the newest is old; removes what nobody needs. */
  @Internal
  record AgeSigningKeys() implements SigningKeyCommand {}
}
