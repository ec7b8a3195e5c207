package io.agentledger.command.subscription;

import io.agentledger.api.identity.Provenance;
import io.agentledger.api.subscription.SubscriptionEvent.SigningSecretRotated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionChanged;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionDeleted;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.command.subscription.StoredSubscription.StoredSecret;
import java.util.List;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;

/** Reads a subscription as of its last event, which the collector may not have reached. */
record SubscriptionReader(EventStore events) {
  /** Returns the subscription; empty if there is none, or it was deleted. */
  Optional<StoredSubscription> find(SubscriptionId id) {
    @Nullable StoredSubscription subscription = null;
    var messages = events.readEvents(id.value());
    while (messages.hasNext()) {
      var message = messages.next();
      subscription =
          message.getPayload() instanceof SubscriptionCreated created
              ? new StoredSubscription(
                  id,
                  Provenance.of(message.getMetaData()).tenant(),
                  true,
                  created.owner(),
                  created.definition(),
                  List.of(new StoredSecret(false, created.signingSecret(), null)))
              : subscription == null ? null : next(subscription, message.getPayload());
    }
    return Optional.ofNullable(subscription);
  }

  private static @Nullable StoredSubscription next(StoredSubscription before, Object event) {
    return switch (event) {
      case SubscriptionChanged changed -> before.changed(changed);
      case SigningSecretRotated rotated -> before.rotated(rotated);
      case SubscriptionDeleted _ -> null;
      default -> before;
    };
  }
}
