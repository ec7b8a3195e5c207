package io.agentledger.api.subscription;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * Queries about subscriptions. A subscription is visible to its owner, and to those who may read
 * every session of the tenant.
 */
public sealed interface SubscriptionQuery extends TenantScoped {
  /** Lists subscriptions, newest first; returns a page of {@link SubscriptionView}. */
  @RequiresScope(Scope.SUBSCRIPTIONS_READ)
  @StableName("ListSubscriptions")
  record ListSubscriptions(TenantId tenant, ListFilter filter, PageRequest page)
      implements SubscriptionQuery {}

  /** Returns a {@link SubscriptionView}. */
  @RequiresScope(Scope.SUBSCRIPTIONS_READ)
  @StableName("FindSubscription")
  record FindSubscription(TenantId tenant, SubscriptionId subscriptionId)
      implements SubscriptionQuery {}

  /**
   * Lists deliveries about what the caller may see, newest first; returns a page of {@link
   * DeliveryView}, which may be shorter than its limit and not the last one.
   */
  @RequiresScope(Scope.SUBSCRIPTIONS_READ)
  @StableName("ListDeliveries")
  record ListDeliveries(
      TenantId tenant, SubscriptionId subscriptionId, DeliveryFilter filter, PageRequest page)
      implements SubscriptionQuery {}

  /** Returns a {@link DeliveryView} with its attempts. */
  @RequiresScope(Scope.SUBSCRIPTIONS_READ)
  @StableName("FindDelivery")
  record FindDelivery(TenantId tenant, SubscriptionId subscriptionId, DeliveryId deliveryId)
      implements SubscriptionQuery {}

  /**
   * Filter for subscriptions; null does not restrict.
   *
   * @param mine only those of the caller
   */
  record ListFilter(@Nullable SubscriptionStatus status, boolean mine) {}

  /** Filter for deliveries; null does not restrict. */
  record DeliveryFilter(@Nullable DeliveryStatus status, @Nullable DeliveredEventType eventType) {}
}
