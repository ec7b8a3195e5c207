package io.agentledger.api.identity.command;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.shared.SecretBearing;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * A key as its owner sees it once.
 *
 * @param secret null where an idempotent wish was repeated: it was shown, and is not known any more
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
