package io.agentledger.api.vault;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one vault. */
@StableName("vault")
public record VaultId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "vlt";

  public VaultId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static VaultId next() {
    return new VaultId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
