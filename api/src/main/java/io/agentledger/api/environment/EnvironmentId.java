package io.agentledger.api.environment;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one environment. */
@StableName("environment")
public record EnvironmentId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "env";

  public EnvironmentId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static EnvironmentId next() {
    return new EnvironmentId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
