package io.agentledger.api.environment;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one environment. */
@StableName("environment")
public record EnvironmentId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "env";

  public EnvironmentId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static EnvironmentId next() {
    return new EnvironmentId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
