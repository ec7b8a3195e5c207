package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one pending action. */
@StableName("action")
public record ActionId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "act";

  public ActionId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static ActionId next() {
    return new ActionId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
