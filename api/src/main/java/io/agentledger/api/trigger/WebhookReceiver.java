package io.agentledger.api.trigger;

import io.agentledger.api.identity.RequestSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Port by which the gateway hands webhooks to the command side. Blocks on the database. */
public interface WebhookReceiver {
  /**
   * Address of a webhook.
   *
   * @param triggerId null: the default trigger of the provider
   */
  record WebhookAddress(String provider, @Nullable TriggerId triggerId) {}

  /** Response to the sender of a webhook. */
  sealed interface WebhookResponse {}

  /**
   * Receipt of a webhook, which is on the disk.
   *
   * @param duplicate whether the provider had sent it before
   */
  record WebhookReceipt(InboundDeliveryId deliveryId, boolean duplicate)
      implements WebhookResponse {}

  /** Text of a signed request by which Slack verifies an address; nothing is stored for it. */
  record WebhookChallenge(String challenge) implements WebhookResponse {}

  /**
   * Returns the size of the largest body that a request may have, as far as its headers show; 0 if
   * it cannot be accepted, so that its body is not read.
   */
  int findBodyLimit(WebhookAddress address, WebhookRequest headers);

  /**
   * Verifies a webhook, and stores it unless it only verifies the address.
   *
   * @return empty if there is no such trigger, or its signature or timestamp is not valid; callers
   *     are not told which
   * @throws io.agentledger.api.shared.RejectionException if it cannot be stored
   */
  Optional<WebhookResponse> receive(
      WebhookAddress address, WebhookRequest request, RequestSource source);
}
