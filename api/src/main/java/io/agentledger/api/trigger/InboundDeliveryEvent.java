package io.agentledger.api.trigger;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/**
 * Events of a webhook that a trigger received. Its payload is not part of them: it is deleted after
 * some weeks.
 */
public sealed interface InboundDeliveryEvent {
  InboundDeliveryId deliveryId();

  /**
   * The delivery was processed.
   *
   * @param ownerId owner of the trigger
   * @param attempt from 1
   */
  @Revision("1")
  @StableName("InboundDeliveryProcessed")
  record InboundDeliveryProcessed(
      InboundDeliveryId deliveryId,
      TriggerId triggerId,
      UserId ownerId,
      int attempt,
      DeliveryOutcome outcome)
      implements InboundDeliveryEvent {}

  /**
   * A later delivery replaced the execution before it started.
   *
   * @param into the later delivery
   */
  @Revision("1")
  @StableName("InboundDeliveryMerged")
  record InboundDeliveryMerged(InboundDeliveryId deliveryId, int attempt, InboundDeliveryId into)
      implements InboundDeliveryEvent {}

  /**
   * A user requested another attempt.
   *
   * @param attempt number of the new attempt
   */
  @Revision("1")
  @StableName("InboundDeliveryRedelivered")
  record InboundDeliveryRedelivered(InboundDeliveryId deliveryId, TriggerId triggerId, int attempt)
      implements InboundDeliveryEvent {}
}
