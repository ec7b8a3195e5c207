package io.agentledger.api.identity;

import io.agentledger.api.shared.ShownOnce;
import org.jspecify.annotations.Nullable;

/**
 * A key as its owner sees it once.
 *
 * @param secret null where an idempotent wish was repeated: it was shown, and is not known any more
 */
public record IssuedKey(KeyId keyId, String prefix, @Nullable String secret) implements ShownOnce {
  @Override
  public IssuedKey withoutSecret() {
    return new IssuedKey(keyId, prefix, null);
  }

  @Override
  public String toString() {
    return "IssuedKey[" + keyId + "]";
  }
}
