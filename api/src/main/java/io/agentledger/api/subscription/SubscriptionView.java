package io.agentledger.api.subscription;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Versioned;
import io.agentledger.api.vault.SecretRef;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a subscription; secrets of vaults are shown as references only.
 *
 * @param ownerId user as whom events are read
 * @param signingSecret only in the response to the request that creates or replaces it; else null
 * @param previousSecretValidUntil until then, requests are also signed with the previous secret;
 *     null without one
 * @param disableReason null unless it is disabled
 * @param failingSince time of the first failed attempt since the last success; null without one
 * @param droppedEvents events that were not sent because too many deliveries were pending
 * @param lastDroppedAt time of the last of them; null without one
 * @param version from 1; a change must name the current one
 */
public record SubscriptionView(
    SubscriptionId id,
    UserId ownerId,
    String name,
    List<String> eventTypes,
    SubscriptionFilter filter,
    String url,
    Map<String, String> headers,
    List<SecretRef> secrets,
    long timeoutSeconds,
    @Nullable String signingSecret,
    @Nullable Instant previousSecretValidUntil,
    SubscriptionStatus status,
    @Nullable DisableReason disableReason,
    @Nullable Instant failingSince,
    long droppedEvents,
    @Nullable Instant lastDroppedAt,
    long version,
    Instant createdAt,
    Instant updatedAt)
    implements Versioned {
  /** Returns the view with a secret that is shown once; null if it was shown before. */
  public SubscriptionView withSigningSecret(@Nullable SigningSecret secret) {
    return new SubscriptionView(
        id,
        ownerId,
        name,
        eventTypes,
        filter,
        url,
        headers,
        secrets,
        timeoutSeconds,
        secret == null ? null : secret.value(),
        previousSecretValidUntil,
        status,
        disableReason,
        failingSince,
        droppedEvents,
        lastDroppedAt,
        version,
        createdAt,
        updatedAt);
  }
}
