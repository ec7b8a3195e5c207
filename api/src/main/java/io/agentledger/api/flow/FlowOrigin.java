package io.agentledger.api.flow;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;

/** Cause of a flow. */
public sealed interface FlowOrigin extends Discriminated {
  /** A request of a user. */
  @StableName("manual")
  record Manual() implements FlowOrigin {}

  /**
   * A delivery that matched a trigger.
   *
   * @param triggerId id of the trigger
   * @param deliveryId id of the delivery
   * @param signed whether the delivery is known to come from its provider
   * @param concurrencyKey digest; executions with the same one start one after another; empty: none
   */
  @StableName("trigger")
  record Trigger(String triggerId, String deliveryId, boolean signed, String concurrencyKey)
      implements FlowOrigin {}
}
