package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one run; a resumed run keeps it. */
@StableName("run")
public record RunId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "run";

  public RunId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static RunId next() {
    return new RunId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
