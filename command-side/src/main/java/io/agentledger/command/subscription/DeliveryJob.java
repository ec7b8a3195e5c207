package io.agentledger.command.subscription;

import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.subscription.DisableReason;
import io.agentledger.api.subscription.SubscriptionCommand.DisableSubscription;
import io.agentledger.api.task.ExecutionPrincipal;
import io.agentledger.command.subscription.Delivery.Channel;
import io.agentledger.command.support.SerialJob;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.TenantSuspendedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Sends the deliveries of a channel one after the other. A channel has one job on all nodes, so a
 * slow target occupies two threads at most. A job that was interrupted sends its delivery again,
 * with the same {@code webhook-id}.
 */
final class DeliveryJob extends SerialJob {
  static final String NAME = "send-deliveries";

  /** Time of continuous failure after which a subscription is disabled. */
  static final Duration FAILURE_MAX = Duration.ofDays(5);

  /** Longer than any delay between two attempts. */
  private static final Duration ATTEMPT_PAUSE_MAX = Duration.ofDays(1);

  /** Longest break of a channel after requests without a response, or with a slow one. */
  private static final Duration BREAK_MAX = Duration.ofMinutes(5);

  /** Time after which a job lets others run. */
  private static final Duration TURN_MAX = Duration.ofSeconds(20);

  private static final Duration RETRY_DELAY = Duration.ofSeconds(10);

  private static final Logger log = LoggerFactory.getLogger(DeliveryJob.class);

  private final SubscriptionTable subscriptions;
  private final DeliveryTable deliveries;
  private final DeliveryRequests requests;
  private final CommandGateway commands;
  private final TransactionOperations transactions;
  private final RetrySchedule retries;
  private final Clock clock;

  DeliveryJob(
      SubscriptionTable subscriptions,
      DeliveryTable deliveries,
      DeliveryRequests requests,
      CommandGateway commands,
      TransactionOperations transactions,
      RetrySchedule retries,
      Clock clock) {
    super(NAME, transactions);
    this.subscriptions = subscriptions;
    this.deliveries = deliveries;
    this.requests = requests;
    this.commands = commands;
    this.transactions = transactions;
    this.retries = retries;
    this.clock = clock;
  }

  /** Makes and sends the request of a delivery. */
  record DeliveryRequests(
      TenantMembership members, CloudEventFactory cloudEvents, DeliverySender sender) {}

  /** Returns the job of a channel. */
  static TaskInstance<Void> instance(Channel channel) {
    return instance(NAME, channel.queue());
  }

  @Override
  protected Optional<Instant> lockAndFindNextDueAt(String queue) {
    var channel = Channel.ofQueue(queue);
    deliveries.lock(channel);
    if (findActive(channel).isEmpty()) return Optional.empty();
    var breakEnd = deliveries.findBreakEnd(channel).orElse(Instant.MIN);
    return deliveries.findNextDueAt(channel).map(due -> due.isBefore(breakEnd) ? breakEnd : due);
  }

  private Optional<StoredSubscription> findActive(Channel channel) {
    return subscriptions.find(channel.subscription()).filter(StoredSubscription::active);
  }

  /** Next step of a channel after a delivery. */
  private enum Next {
    DELIVERY,
    OTHERS,
    /** The subscription was disabled, which the collector has not recorded yet. */
    DISABLED,
    /** Deliveries wait until the tenant is resumed. */
    SUSPENDED
  }

  /** Sends what is due, until nothing is, or others shall run. */
  @Override
  protected Instant doTurn(String queue) {
    var channel = Channel.ofQueue(queue);
    var end = clock.instant().plus(TURN_MAX);
    var next = Next.DELIVERY;
    while (next == Next.DELIVERY && clock.instant().isBefore(end)) {
      var now = clock.instant();
      var subscription = findActive(channel);
      boolean isInBreak = deliveries.findBreakEnd(channel).filter(now::isBefore).isPresent();
      var delivery =
          subscription.isEmpty() || isInBreak
              ? Optional.<Delivery>empty()
              : deliveries.findDue(channel, now);
      next = delivery.isPresent() ? send(subscription.orElseThrow(), delivery.get()) : Next.OTHERS;
    }
    return clock
        .instant()
        .plus(
            switch (next) {
              case DISABLED -> RETRY_DELAY;
              case SUSPENDED -> TenantSuspendedException.CHECK_INTERVAL;
              case DELIVERY, OTHERS -> Duration.ZERO;
            });
  }

  /** Sends a delivery once. */
  private Next send(StoredSubscription subscription, Delivery delivery) {
    var owner = subscription.owner();
    var role = requests.members().findActiveRole(subscription.tenant(), owner.userId());
    if (role.isEmpty() && requests.members().isSuspended(subscription.tenant()))
      return Next.SUSPENDED;
    if (role.filter(present -> maySubscribe(owner, present)).isEmpty()) {
      disable(subscription, DisableReason.OWNER_INACTIVE);
      return Next.DISABLED;
    }
    var caller = owner.toCaller(subscription.tenant(), role.get());
    Optional<byte[]> body;
    try {
      body = requests.cloudEvents().create(delivery, caller);
    } catch (RuntimeException e) {
      return recordUnreadable(subscription, delivery, e);
    }
    if (body.isEmpty()) {
      changeChannel(delivery, () -> deliveries.remove(delivery, clock.instant()));
      return Next.DELIVERY;
    }
    var sentAt = clock.instant();
    var outcome = requests.sender().send(subscription, delivery.id().value(), body.get());
    return record(subscription, delivery, outcome, sentAt);
  }

  private static boolean maySubscribe(ExecutionPrincipal owner, Role present) {
    return owner.localOwner() || present.scopes().contains(Scope.SUBSCRIPTIONS_WRITE);
  }

  /** Counts as an attempt, so that one event cannot hold up its channel for ever. */
  private Next recordUnreadable(
      StoredSubscription subscription, Delivery delivery, RuntimeException cause) {
    if (Thread.currentThread().isInterrupted()) throw cause;
    log.atWarn()
        .addKeyValue("subscriptionId", subscription.id())
        .addKeyValue("deliveryId", delivery.id())
        .setCause(cause)
        .log("the event of a delivery cannot be read");
    var outcome =
        new DeliveryOutcome(null, "its event could not be read", Duration.ZERO, Duration.ZERO);
    return record(subscription, delivery, outcome, clock.instant());
  }

  private void changeChannel(Delivery delivery, Runnable change) {
    transactions.executeWithoutResult(
        status -> {
          deliveries.lock(delivery.channel());
          change.run();
        });
  }

  /** Records an attempt. */
  private Next record(
      StoredSubscription subscription, Delivery delivery, DeliveryOutcome outcome, Instant sentAt) {
    if (outcome.accepted()) {
      changeChannel(
          delivery,
          () -> {
            deliveries.recordAttempt(delivery, outcome, sentAt, null);
            deliveries.recordSuccess(delivery.subscription());
            changeBreak(delivery.channel(), outcome);
          });
      return outcome.needsBreak() ? Next.OTHERS : Next.DELIVERY;
    }
    var failingSince =
        Objects.requireNonNull(
            transactions.execute(status -> recordFailure(delivery, outcome, sentAt)));
    if (outcome.isGone()) disable(subscription, DisableReason.GONE);
    else if (!failingSince.plus(FAILURE_MAX).isAfter(sentAt))
      disable(subscription, DisableReason.FAILING);
    else return outcome.needsBreak() ? Next.OTHERS : Next.DELIVERY;
    return Next.DISABLED;
  }

  private void changeBreak(Channel channel, DeliveryOutcome outcome) {
    if (outcome.needsBreak()) deliveries.startBreak(channel, clock.instant(), BREAK_MAX);
    else deliveries.endBreak(channel);
  }

  private Instant recordFailure(Delivery delivery, DeliveryOutcome outcome, Instant sentAt) {
    deliveries.lock(delivery.channel());
    var now = clock.instant();
    var firstTryAt = delivery.firstTryAt() == null ? sentAt : delivery.firstTryAt();
    var retryAt =
        outcome.isGone()
            ? Optional.<Instant>empty()
            : retries.findNext(delivery.tries() + 1, firstTryAt, now, outcome.retryAfter());
    deliveries.recordAttempt(delivery, outcome, sentAt, retryAt.orElse(null));
    changeBreak(delivery.channel(), outcome);
    return deliveries.recordFailure(delivery.subscription(), sentAt, ATTEMPT_PAUSE_MAX);
  }

  private void disable(StoredSubscription subscription, DisableReason reason) {
    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new DisableSubscription(subscription.id(), reason))
            .withMetaData(
                Provenance.ofSystem(subscription.tenant(), Ids.random("req")).asMetadata()));
    log.atWarn()
        .addKeyValue("subscriptionId", subscription.id())
        .addKeyValue("reason", reason.wireName())
        .log("subscription disabled");
  }
}
