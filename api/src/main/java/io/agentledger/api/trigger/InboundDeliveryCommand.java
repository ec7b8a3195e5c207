package io.agentledger.api.trigger;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for deliveries of triggers. */
@StableName("inbound_delivery")
public sealed interface InboundDeliveryCommand extends ApiCommand {
  @TargetAggregateIdentifier
  InboundDeliveryId deliveryId();

  /**
   * Records the result of processing a delivery. Idempotent for each attempt.
   *
   * @param ownerId owner of the trigger
   * @param attempt from 1
   */
  @InternalOnly
  @StableName("RecordDelivery")
  record RecordDelivery(
      InboundDeliveryId deliveryId,
      TriggerId triggerId,
      UserId ownerId,
      int attempt,
      DeliveryOutcome outcome)
      implements InboundDeliveryCommand {}

  /** Records that a later delivery replaced the execution of this one. Idempotent. */
  @InternalOnly
  @StableName("MergeDelivery")
  record MergeDelivery(InboundDeliveryId deliveryId, InboundDeliveryId into)
      implements InboundDeliveryCommand {}

  /** Processes a delivery again, with the present version of its trigger. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("RedeliverDelivery")
  record RedeliverDelivery(InboundDeliveryId deliveryId, @Nullable Idempotency idempotency)
      implements InboundDeliveryCommand, Idempotent {}
}
