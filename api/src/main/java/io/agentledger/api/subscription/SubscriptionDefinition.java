package io.agentledger.api.subscription;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.audit.ShownInAudit.Extent;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.api.vault.SecretRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Definition of a subscription: the events that it selects, and the target of its requests.
 *
 * @param eventTypes names of {@link DeliveredEventType}, {@code group.*} or {@code *}
 * @param url http or https, without user and fragment
 * @param headers plain headers, visible to all who may see the subscription
 * @param secrets headers whose values are in vaults; each secret is bound to its server
 * @param timeout of one request, [1s..30s]
 */
public record SubscriptionDefinition(
    @ShownInAudit List<String> eventTypes,
    SubscriptionFilter filter,
    @ShownInAudit(Extent.ORIGIN) String url,
    Map<String, String> headers,
    List<SecretRef> secrets,
    Duration timeout) {
  /** Maximum number of event types. */
  public static final int EVENT_TYPES_MAX = 50;

  public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(10);
  public static final Duration TIMEOUT_MAX = Duration.ofSeconds(30);

  public SubscriptionDefinition {
    eventTypes = List.copyOf(eventTypes);
    headers = OrderedCopy.of(headers);
    secrets = List.copyOf(secrets);
  }
}
