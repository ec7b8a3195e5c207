package io.agentledger.api.subscription;

import io.agentledger.api.shared.SecretBearing;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * A subscription with its signing secret, as it is returned once.
 *
 * @param signingSecret null if an idempotent request was repeated, because the secret is not shown
 *     again
 */
@StableName("issued_subscription")
public record IssuedSubscription(
    SubscriptionId subscriptionId, @Nullable SigningSecret signingSecret) implements SecretBearing {
  @Override
  public IssuedSubscription withoutSecret() {
    return new IssuedSubscription(subscriptionId, null);
  }
}
