package io.agentledger.api.vault;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one master key; it reveals nothing about the key. */
@StableName("master_key")
public record MasterKeyId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "mk";

  public MasterKeyId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static MasterKeyId next() {
    return new MasterKeyId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
