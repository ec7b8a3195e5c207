package io.agentledger.api.vault;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one master key; it tells nothing of the key. */
@StableName("master_key")
public record MasterKeyId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "mk";

  public MasterKeyId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static MasterKeyId next() {
    return new MasterKeyId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
