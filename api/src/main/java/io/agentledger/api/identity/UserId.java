package io.agentledger.api.identity;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one user. */
@StableName("user")
public record UserId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "usr";

  public UserId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static UserId next() {
    return new UserId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
