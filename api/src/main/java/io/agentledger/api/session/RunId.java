package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one run; a resumed run keeps it. */
@StableName("run")
public record RunId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "run";

  public RunId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static RunId next() {
    return new RunId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
