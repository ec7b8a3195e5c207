package io.agentledger.api.session;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one pending action. */
@StableName("action")
public record ActionId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "act";

  public ActionId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static ActionId next() {
    return new ActionId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
