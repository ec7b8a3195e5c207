package io.agentledger.api.subscription;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one delivery, derived from its subscription and event. */
@StableName("delivery")
public record DeliveryId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "dlv";

  public DeliveryId {
    Ids.check(PREFIX, value);
  }

  /** Returns the id of the delivery of an event, the same for each repetition. */
  public static DeliveryId of(SubscriptionId subscription, String eventId) {
    return new DeliveryId(Ids.derived(PREFIX, subscription.value(), eventId));
  }

  @Override
  public String toString() {
    return value;
  }
}
