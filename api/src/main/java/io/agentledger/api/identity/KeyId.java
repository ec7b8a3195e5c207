package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;

/** Names one credential; never the secret itself. */
public record KeyId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "key";

  public KeyId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static KeyId next() {
    return new KeyId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
