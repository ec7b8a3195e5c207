package io.agentledger.api.subscription;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Instant;
import org.axonframework.serialization.Revision;

/** Events of a subscription; its deliveries are rows of a log. */
public sealed interface SubscriptionEvent {
  SubscriptionId subscriptionId();

  /** The subscription was created with version 1. */
  @Revision("1")
  @StableName("SubscriptionCreated")
  record SubscriptionCreated(
      SubscriptionId subscriptionId,
      ExecutionPrincipal owner,
      @ShownInAudit String name,
      SubscriptionDefinition definition,
      Content signingSecret)
      implements SubscriptionEvent {}

  /** The subscription was changed. */
  @Revision("1")
  @StableName("SubscriptionChanged")
  record SubscriptionChanged(
      SubscriptionId subscriptionId,
      long version,
      ExecutionPrincipal owner,
      @ShownInAudit String name,
      SubscriptionDefinition definition)
      implements SubscriptionEvent {}

  /**
   * The signing secret was replaced.
   *
   * @param previousValidUntil until then, requests are signed with the previous one, too
   */
  @Revision("1")
  @StableName("SigningSecretRotated")
  record SigningSecretRotated(
      SubscriptionId subscriptionId, Content signingSecret, Instant previousValidUntil)
      implements SubscriptionEvent {}

  /** A user paused the subscription. */
  @Revision("1")
  @StableName("SubscriptionPaused")
  record SubscriptionPaused(SubscriptionId subscriptionId) implements SubscriptionEvent {}

  /** A user resumed the subscription. */
  @Revision("1")
  @StableName("SubscriptionResumed")
  record SubscriptionResumed(SubscriptionId subscriptionId) implements SubscriptionEvent {}

  /** The service disabled the subscription. */
  @Revision("1")
  @StableName("SubscriptionDisabled")
  record SubscriptionDisabled(SubscriptionId subscriptionId, DisableReason reason)
      implements SubscriptionEvent {}

  /** A user requested that a delivery is sent again. */
  @Revision("1")
  @StableName("RedeliveryRequested")
  record RedeliveryRequested(SubscriptionId subscriptionId, DeliveryId deliveryId)
      implements SubscriptionEvent {}

  /** The subscription was deleted. */
  @Revision("1")
  @StableName("SubscriptionDeleted")
  record SubscriptionDeleted(SubscriptionId subscriptionId) implements SubscriptionEvent {}
}
