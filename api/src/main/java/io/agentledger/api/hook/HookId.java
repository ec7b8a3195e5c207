package io.agentledger.api.hook;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one hook. */
@StableName("hook")
public record HookId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "hok";

  public HookId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static HookId next() {
    return new HookId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
