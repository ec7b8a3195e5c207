package io.agentledger.command.subscription;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionEvent;
import io.agentledger.api.subscription.SubscriptionEvent.SigningSecretRotated;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionChanged;
import io.agentledger.api.subscription.SubscriptionEvent.SubscriptionCreated;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.task.ExecutionPrincipal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Subscription as of the last event that was collected.
 *
 * @param owner as whom events are read
 * @param secrets the current signing secret, then the previous one
 */
record StoredSubscription(
    SubscriptionId id,
    TenantId tenant,
    boolean active,
    ExecutionPrincipal owner,
    SubscriptionDefinition definition,
    List<StoredSecret> secrets) {
  StoredSubscription changed(SubscriptionChanged event) {
    return new StoredSubscription(id, tenant, active, event.owner(), event.definition(), secrets);
  }

  StoredSubscription rotated(SigningSecretRotated event) {
    var previous = secrets.getFirst();
    var both =
        List.of(
            new StoredSecret(true, event.signingSecret(), null),
            new StoredSecret(previous.rotated(), previous.content(), event.previousValidUntil()));
    return new StoredSubscription(id, tenant, active, owner, definition, both);
  }

  /**
   * Sealed signing secret.
   *
   * @param rotated whether the event that contains it is a {@link SigningSecretRotated}
   * @param validUntil null for the current one
   */
  record StoredSecret(boolean rotated, Content content, @Nullable Instant validUntil) {
    Class<? extends SubscriptionEvent> event() {
      return rotated ? SigningSecretRotated.class : SubscriptionCreated.class;
    }

    boolean isValidAt(Instant time) {
      return validUntil == null || time.isBefore(validUntil);
    }
  }

  /** Secrets in JSON. */
  record Secrets(List<StoredSecret> secrets) {
    Secrets {
      secrets = List.copyOf(secrets);
    }
  }
}
