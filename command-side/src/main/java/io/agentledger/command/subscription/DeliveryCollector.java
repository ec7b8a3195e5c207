package io.agentledger.command.subscription;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.report.ReportEvent;
import io.agentledger.api.session.Audience;
import io.agentledger.api.session.event.LifecycleEvent.SessionDeleted;
import io.agentledger.api.session.event.LifecycleEvent.SessionShared;
import io.agentledger.api.session.event.LifecycleEvent.SessionTransferred;
import io.agentledger.api.session.event.LifecycleEvent.SessionUnshared;
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
import io.agentledger.command.subscription.DeliveryTable.CollectedEvent;
import io.agentledger.command.support.JobTable;
import io.agentledger.command.support.TenantMembership;
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
  private final TenantMembership members;
  private final JobTable<Void> jobs;
  private final Clock clock;

  DeliveryCollector(
      SubscriptionTable subscriptions,
      DeliveryTable deliveries,
      EventOriginReader origins,
      TenantMembership members,
      JobTable<Void> jobs,
      Clock clock) {
    this.subscriptions = subscriptions;
    this.deliveries = deliveries;
    this.origins = origins;
    this.members = members;
    this.jobs = jobs;
    this.clock = clock;
  }

  /** State that was read, and channels that were locked, for a batch of events. */
  private static final class Batch {
    private final Map<TenantId, List<StoredSubscription>> active = new HashMap<>();
    private final Map<String, Optional<EventOrigin>> origins = new HashMap<>();
    private final Map<SubscriptionId, Boolean> readers = new HashMap<>();
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
    recordAccess(event);
    collect(message);
  }

  /** Records who sees a session, before the event itself is collected. */
  private void recordAccess(SessionEvent event) {
    switch (event) {
      case SessionTransferred(var session, _, var owner) -> {
        subscriptions.transfer(session, owner);
        subscriptions.unshare(session, new Audience.User(owner));
      }
      case SessionShared(var session, var audience, _) -> subscriptions.share(session, audience);
      case SessionUnshared(var session, var audience) -> subscriptions.unshare(session, audience);
      case SessionDeleted(var session) -> subscriptions.forget(session);
      default -> {
        return;
      }
    }
    batch().origins.remove(event.sessionId().value());
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
    batch().readers.clear();
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
    collect(DeliveredEventType.SUBSCRIPTION_DISABLED, EventOrigin.of(disabled), message);
  }

  private void collect(DomainEventMessage<?> message) {
    DeliveredEventType.of(message.getPayloadType())
        .filter(type -> isWanted(type, message))
        .ifPresent(
            type ->
                batch()
                    .origins
                    .computeIfAbsent(message.getAggregateIdentifier(), origins::find)
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
          && origin.matches(
              definition.filter(),
              subscription.owner().userId(),
              () ->
                  batch().readers.computeIfAbsent(subscription.id(), id -> readsAll(subscription))))
        collect(subscription, event);
    }
  }

  /** What the owner cannot see would be dropped later, and take the room of other events. */
  private boolean readsAll(StoredSubscription subscription) {
    var owner = subscription.owner();
    return members
        .findActiveRole(subscription.tenant(), owner.userId())
        .map(role -> owner.toCaller(subscription.tenant(), role))
        .filter(caller -> caller.has(Scope.SESSIONS_READ_ALL))
        .isPresent();
  }

  private void collect(StoredSubscription subscription, CollectedEvent event) {
    var room = batch().room;
    int free = room.computeIfAbsent(subscription.id(), deliveries::findRoom);
    if (free <= 0) {
      drop(subscription, event);
      return;
    }
    insert(subscription, event);
    room.put(subscription.id(), free - 1);
  }

  private void insert(StoredSubscription subscription, CollectedEvent event) {
    wake(Channel.of(subscription.id(), event.origin().resourceId()));
    deliveries.insert(subscription, event, clock.instant());
  }

  /** Counts an event, and tells the receiver of the gap, once until it knows. */
  private void drop(StoredSubscription subscription, CollectedEvent event) {
    deliveries.recordDropped(subscription.id(), event.at());
    if (!deliveries.isGapNoticePending(subscription.id()))
      insert(
          subscription,
          new CollectedEvent(
              DeliveredEventType.SUBSCRIPTION_EVENTS_DROPPED,
              event.eventId(),
              EventOrigin.of(subscription),
              event.sequence(),
              event.at()));
  }
}
