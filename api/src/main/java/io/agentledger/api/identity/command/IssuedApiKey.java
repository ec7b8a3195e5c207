package io.agentledger.api.identity.command;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.shared.SecretBearing;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * A key as it is returned once to its owner.
 *
 * @param secret null if an idempotent request was repeated, because the secret is not stored
 */
@StableName("issued_api_key")
public record IssuedApiKey(CredentialId keyId, String prefix, @Nullable String secret)
    implements SecretBearing {
  @Override
  public IssuedApiKey withoutSecret() {
    return new IssuedApiKey(keyId, prefix, null);
  }

  @Override
  public String toString() {
    return "IssuedApiKey[" + keyId + "]";
  }
}
