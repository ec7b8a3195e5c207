package io.agentledger.api.permission;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one policy. */
@StableName("policy")
public record PolicyId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "pol";

  public PolicyId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static PolicyId next() {
    return new PolicyId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
