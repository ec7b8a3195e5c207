package io.agentledger.api.subscription;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Instant;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Commands for subscriptions. Callers are the owner of the subscription, and those who may change
 * every session of the tenant.
 */
@StableName("subscription")
public sealed interface SubscriptionCommand extends ApiCommand {
  /** Maximum number of subscriptions of a tenant, without deleted ones. */
  int SUBSCRIPTIONS_MAX = 100;

  @TargetAggregateIdentifier
  SubscriptionId subscriptionId();

  /**
   * Creates a subscription to the events from now on, and returns an {@link IssuedSubscription}.
   *
   * @param owner as whom the events are read
   * @param name at most 255 characters
   */
  @RequiresScope(Scope.SUBSCRIPTIONS_WRITE)
  @StableName("CreateSubscription")
  record CreateSubscription(
      SubscriptionId subscriptionId,
      ExecutionPrincipal owner,
      String name,
      SubscriptionDefinition definition,
      SigningSecret signingSecret,
      @Nullable Idempotency idempotency)
      implements SubscriptionCommand, Idempotent {}

  /**
   * Changes a subscription and returns the new version. Does nothing if nothing changes. Deliveries
   * that are pending go to the new target.
   *
   * @param editor user who changes it; their permissions limit what it may read from now on
   */
  @RequiresScope(Scope.SUBSCRIPTIONS_WRITE)
  @StableName("ChangeSubscription")
  record ChangeSubscription(
      SubscriptionId subscriptionId,
      ExecutionPrincipal editor,
      String name,
      SubscriptionDefinition definition,
      long version)
      implements SubscriptionCommand {}

  /**
   * Replaces the signing secret and returns an {@link IssuedSubscription}. Requests are signed with
   * both secrets until the previous one is invalid.
   */
  @RequiresScope(Scope.SUBSCRIPTIONS_WRITE)
  @StableName("RotateSigningSecret")
  record RotateSigningSecret(
      SubscriptionId subscriptionId,
      SigningSecret signingSecret,
      Instant previousValidUntil,
      @Nullable Idempotency idempotency)
      implements SubscriptionCommand, Idempotent {}

  /** Pauses a subscription: it collects and sends nothing. Does nothing if it is paused. */
  @RequiresScope(Scope.SUBSCRIPTIONS_WRITE)
  @StableName("PauseSubscription")
  record PauseSubscription(SubscriptionId subscriptionId, @Nullable Idempotency idempotency)
      implements SubscriptionCommand, Idempotent {}

  /** Resumes a subscription that is paused or disabled; does nothing if it is active. */
  @RequiresScope(Scope.SUBSCRIPTIONS_WRITE)
  @StableName("ResumeSubscription")
  record ResumeSubscription(SubscriptionId subscriptionId, @Nullable Idempotency idempotency)
      implements SubscriptionCommand, Idempotent {}

  /** Disables an active subscription that cannot go on. */
  @InternalOnly
  @StableName("DisableSubscription")
  record DisableSubscription(SubscriptionId subscriptionId, DisableReason reason)
      implements SubscriptionCommand {}

  /** Sends a delivery again, at once and whatever its status is. */
  @RequiresScope(Scope.SUBSCRIPTIONS_WRITE)
  @StableName("RedeliverEvent")
  record RedeliverEvent(
      SubscriptionId subscriptionId, DeliveryId deliveryId, @Nullable Idempotency idempotency)
      implements SubscriptionCommand, Idempotent {}

  /** Deletes a subscription, its pending deliveries and its log. Idempotent. */
  @RequiresScope(Scope.SUBSCRIPTIONS_WRITE)
  @StableName("DeleteSubscription")
  record DeleteSubscription(SubscriptionId subscriptionId) implements SubscriptionCommand {}
}
