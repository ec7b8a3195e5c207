package io.agentledger.api.trigger;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one trigger. */
@StableName("trigger")
public record TriggerId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "trg";

  public TriggerId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static TriggerId next() {
    return new TriggerId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
