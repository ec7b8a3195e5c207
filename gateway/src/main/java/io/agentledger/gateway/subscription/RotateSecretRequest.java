package io.agentledger.gateway.subscription;

import io.agentledger.api.subscription.SigningSecret;
import java.time.Duration;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to replace the signing secret of a subscription.
 *
 * @param signingSecret whsec_ and base64 of 24 to 64 bytes; generated if omitted
 * @param overlapSeconds how long requests are also signed with the previous secret; one day if
 *     omitted
 */
record RotateSecretRequest(
    @Nullable String signingSecret,
    @Nullable @Range(min = 0, max = 604_800, message = "must be 0 to 604800")
        Integer overlapSeconds) {
  private static final Duration OVERLAP_DEFAULT = Duration.ofDays(1);

  SigningSecret signingSecretOrNew() {
    return SubscriptionRequest.toSecretOrNew(signingSecret);
  }

  Duration overlap() {
    return overlapSeconds == null ? OVERLAP_DEFAULT : Duration.ofSeconds(overlapSeconds);
  }
}
