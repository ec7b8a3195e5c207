package io.agentledger.api.subscription;

import io.agentledger.api.shared.WireNamed;
import java.util.Locale;

/** Status of a delivery. */
public enum DeliveryStatus implements WireNamed {
  /** It waits for its first or next attempt, or for an earlier delivery of its session. */
  PENDING,
  /** The target accepted it with a status of 200 to 299. */
  DELIVERED,
  /** No further attempt is made, unless a user requests it. */
  DEAD;

  @Override
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
