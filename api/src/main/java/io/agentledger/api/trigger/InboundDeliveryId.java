package io.agentledger.api.trigger;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one webhook that a trigger received. */
@StableName("inbound_delivery")
public record InboundDeliveryId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "ind";

  public InboundDeliveryId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static InboundDeliveryId next() {
    return new InboundDeliveryId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
