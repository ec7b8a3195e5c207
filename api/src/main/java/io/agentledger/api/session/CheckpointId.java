package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one checkpoint of a session. */
@StableName("checkpoint")
public record CheckpointId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "chk";

  public CheckpointId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static CheckpointId next() {
    return new CheckpointId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
