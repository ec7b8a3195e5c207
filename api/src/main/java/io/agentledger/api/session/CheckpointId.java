package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one checkpoint of a session. */
@StableName("checkpoint")
public record CheckpointId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "chk";

  public CheckpointId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static CheckpointId next() {
    return new CheckpointId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
