package io.agentledger.command.subscription;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.SubscriptionEvent;
import io.agentledger.api.subscription.SubscriptionEvent.RedeliveryRequested;
import io.agentledger.api.subscription.SubscriptionEvent.SigningSecretRotated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionChanged;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDeleted;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDisabled;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionPaused;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionResumed;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.task.ExecutionEvent;
import io.agentledger.command.subscription.Delivery.Channel;
import io.agentledger.command.subscription.DeliveryJob.JobData;
import io.agentledger.command.subscription.DeliveryTable.CollectedEvent;
import io.agentledger.command.support.JobTable;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * Collects the events of subscriptions, after their commit and in their order: inserts a delivery
 * for each subscription that an event matches, and wakes its job, in one transaction with the
 * processor's token. It handles the events of subscriptions in the same order.
 */
@ProcessingGroup(DeliveryCollector.GROUP)
@DisallowReplay // Everything would be sent again.
final class DeliveryCollector {
  static final String GROUP = "subscription-deliveries";

  private final SubscriptionTable subscriptions;
  private final DeliveryTable deliveries;
  private final EventOriginReader origins;
  private final JobTable<JobData> jobs;
  private final Clock clock;

  DeliveryCollector(
      SubscriptionTable subscriptions,
      DeliveryTable deliveries,
      EventOriginReader origins,
      JobTable<JobData> jobs,
      Clock clock) {
    this.subscriptions = subscriptions;
    this.deliveries = deliveries;
    this.origins = origins;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** State that was read, and channels that were locked, for a batch of events. */
  private static final class Batch {
    private final Map<TenantId, List<StoredSubscription>> active = new HashMap<>();
    private final Map<SubscriptionId, Integer> room = new HashMap<>();
    private final Set<Channel> woken = new HashSet<>();
  }

  private static Batch batch() {
    return CurrentUnitOfWork.get()
        .root()
        .getOrComputeResource(DeliveryCollector.class.getName(), key -> new Batch());
  }

  @EventHandler
  void on(SessionEvent event, DomainEventMessage<?> message) {
    if (event instanceof SessionTransferred transferred) {
      subscriptions.transfer(transferred.sessionId(), transferred.toUserId());
      origins.forget(transferred.sessionId());
    }
    collect(message);
  }

  @EventHandler
  void on(ExecutionEvent event, DomainEventMessage<?> message) {
    collect(message);
  }

  @EventHandler
  void on(ReportEvent event, DomainEventMessage<?> message) {
    collect(message);
  }

  @EventHandler
  void on(SubscriptionEvent event, DomainEventMessage<?> message) {
    var id = event.subscriptionId();
    switch (event) {
      case SubscriptionCreated created ->
          subscriptions.insert(created, Provenance.of(message.getMetaData()).tenant());
      case SubscriptionChanged changed -> subscriptions.update(changed);
      case SigningSecretRotated rotated -> subscriptions.rotate(rotated);
      case SubscriptionPaused _ -> subscriptions.setActive(id, false);
      case SubscriptionResumed _ -> resume(id);
      case SubscriptionDisabled _ -> subscriptions.setActive(id, false);
      case RedeliveryRequested requested -> redeliver(requested);
      case SubscriptionDeleted _ -> subscriptions.delete(id);
    }
    batch().active.clear();
    if (event instanceof SubscriptionDisabled)
      subscriptions.find(id).ifPresent(disabled -> notify(disabled, message));
  }

  private void resume(SubscriptionId id) {
    subscriptions.setActive(id, true);
    for (int number = 0; number < Channel.COUNT; number++) wake(new Channel(id, number));
    deliveries.resume(id, clock.instant());
  }

  private void redeliver(RedeliveryRequested event) {
    deliveries
        .find(event.subscriptionId(), event.deliveryId())
        .ifPresent(
            delivery -> {
              wake(delivery.channel());
              deliveries.redeliver(delivery.subscription(), delivery.id(), clock.instant());
            });
  }

  /** Locks a channel, and makes its job look for deliveries after the commit. */
  private void wake(Channel channel) {
    if (!batch().woken.add(channel)) return;
    deliveries.lock(channel);
    jobs.enqueueOrBringForward(DeliveryJob.instance(channel), clock.instant());
  }

  /** Tells the other subscriptions of an owner that one was disabled. */
  private void notify(StoredSubscription disabled, DomainEventMessage<?> message) {
    var origin =
        new EventOrigin(
            disabled.id().value(),
            disabled.owner().userId(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    collect(DeliveredEventType.SUBSCRIPTION_DISABLED, origin, message);
  }

  private void collect(DomainEventMessage<?> message) {
    DeliveredEventType.of(message.getPayloadType())
        .filter(type -> isWanted(type, message))
        .ifPresent(
            type ->
                origins
                    .find(message.getAggregateIdentifier())
                    .ifPresent(origin -> collect(type, origin, message)));
  }

  private boolean isWanted(DeliveredEventType type, DomainEventMessage<?> message) {
    return activeOf(message).stream()
        .anyMatch(subscription -> type.isSelectedBy(subscription.definition().eventTypes()));
  }

  private List<StoredSubscription> activeOf(DomainEventMessage<?> message) {
    return batch()
        .active
        .computeIfAbsent(Provenance.of(message.getMetaData()).tenant(), subscriptions::listActive);
  }

  private void collect(DeliveredEventType type, EventOrigin origin, DomainEventMessage<?> message) {
    var event =
        new CollectedEvent(
            type,
            message.getIdentifier(),
            origin,
            message.getSequenceNumber() + 1,
            message.getTimestamp());
    for (var subscription : activeOf(message)) {
      var definition = subscription.definition();
      if (type.isSelectedBy(definition.eventTypes())
          && origin.matches(definition.filter(), subscription.owner()))
        collect(subscription, event);
    }
  }

  private void collect(StoredSubscription subscription, CollectedEvent event) {
    wake(Channel.of(subscription.id(), event.origin().resourceId()));
    var room = batch().room;
    int free = room.computeIfAbsent(subscription.id(), deliveries::findRoom);
    deliveries.insert(subscription, event, free > 0, clock.instant());
    room.put(subscription.id(), free - 1);
  }
}
