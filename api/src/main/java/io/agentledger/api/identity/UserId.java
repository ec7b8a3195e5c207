package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one person. */
@StableName("user")
public record UserId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "usr";

  public UserId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static UserId next() {
    return new UserId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
