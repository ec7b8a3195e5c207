package io.agentledger.api.subscription;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one subscription. */
@StableName("subscription")
public record SubscriptionId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "sub";

  public SubscriptionId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static SubscriptionId next() {
    return new SubscriptionId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
