package io.agentledger.api.hook;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one hook. */
@StableName("hook")
public record HookId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "hok";

  public HookId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static HookId next() {
    return new HookId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
