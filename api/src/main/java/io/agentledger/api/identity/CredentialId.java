package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one credential; never the secret itself. */
@StableName("api_key")
public record CredentialId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "key";

  public CredentialId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static CredentialId next() {
    return new CredentialId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
