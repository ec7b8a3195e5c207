package io.agentledger.api.vault;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one vault. */
@StableName("vault")
public record VaultId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "vlt";

  public VaultId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static VaultId next() {
    return new VaultId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
