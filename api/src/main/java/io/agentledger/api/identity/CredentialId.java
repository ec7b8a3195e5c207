package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one credential; never the secret itself. */
@StableName("api_key")
public record CredentialId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "key";

  public CredentialId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static CredentialId next() {
    return new CredentialId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
