package io.agentledger.api.permission;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one policy. */
@StableName("policy")
public record PolicyId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "pol";

  public PolicyId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static PolicyId next() {
    return new PolicyId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
