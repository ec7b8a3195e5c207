package io.agentledger.projection.subscription;

import io.agentledger.api.subscription.SubscriptionEvent;
import io.agentledger.api.subscription.SubscriptionEvent.RedeliveryRequested;
import io.agentledger.api.subscription.SubscriptionEvent.SigningSecretRotated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionChanged;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDeleted;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDisabled;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionPaused;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionResumed;
import io.agentledger.api.subscription.SubscriptionStatus;
import io.agentledger.projection.support.ConfigurationProjection;
import io.agentledger.projection.support.PoisonEventIsolator;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;

/** Keeps one row for each subscription. */
@ProcessingGroup(SubscriptionProjection.GROUP)
class SubscriptionProjection extends ConfigurationProjection<SubscriptionRow> {
  static final String GROUP = "subscription";

  SubscriptionProjection(
      SubscriptionRowRepository subscriptions, PoisonEventIsolator poisonEventIsolator) {
    super(subscriptions, poisonEventIsolator);
  }

  @EventHandler
  void on(SubscriptionEvent event, DomainEventMessage<?> message) {
    switch (event) {
      case SubscriptionCreated created -> insert(new SubscriptionRow(created, message), message);
      case SubscriptionChanged changed -> update(message, row -> row.change(changed));
      case SigningSecretRotated rotated ->
          update(message, row -> row.rotateSecret(rotated.previousValidUntil()));
      case SubscriptionPaused _ -> update(message, row -> row.set(SubscriptionStatus.PAUSED, null));
      case SubscriptionResumed _ ->
          update(message, row -> row.set(SubscriptionStatus.ACTIVE, null));
      case SubscriptionDisabled disabled ->
          update(message, row -> row.set(SubscriptionStatus.DISABLED, disabled.reason()));
      case RedeliveryRequested _ -> update(message, row -> {});
      case SubscriptionDeleted _ -> update(message, row -> row.archive(message));
    }
  }
}
