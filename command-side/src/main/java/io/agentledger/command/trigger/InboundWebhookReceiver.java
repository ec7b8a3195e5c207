package io.agentledger.command.trigger;

import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TriggerRejection.WebhookBacklogFull;
import io.agentledger.api.shared.TriggerRejection.WebhookUnreadable;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.WebhookReceiver;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.support.BoundedMap;
import io.agentledger.command.trigger.InboundDeliveryTable.NewDelivery;
import io.agentledger.command.trigger.TriggerLookupTable.StoredTrigger;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verifies webhooks and stores them, without a command: an acknowledgement costs one durable
 * statement. Thread-safe.
 */
final class InboundWebhookReceiver implements WebhookReceiver {
  /** Maximum number of pending deliveries of a trigger, as it was counted in the last second. */
  static final int PENDING_MAX = 50_000;

  private static final Duration COUNT_AGE_MAX = Duration.ofSeconds(1);
  private static final int COUNTED_TRIGGERS_MAX = 1_000;
  private static final int PROVIDER_ID_LENGTH_MAX = 200;

  private final TriggerLookupTable triggers;
  private final InboundDeliveryTable deliveries;
  private final SecretReader secrets;
  private final Sealer sealer;
  private final Supplier<TenantId> foundingTenant;
  private final Clock clock;
  private final Map<TriggerId, Backlog> backlogs = BoundedMap.accessOrdered(COUNTED_TRIGGERS_MAX);

  InboundWebhookReceiver(
      TriggerLookupTable triggers,
      InboundDeliveryTable deliveries,
      SecretReader secrets,
      Sealer sealer,
      Supplier<TenantId> foundingTenant,
      Clock clock) {
    this.triggers = triggers;
    this.deliveries = deliveries;
    this.secrets = secrets;
    this.sealer = sealer;
    this.foundingTenant = foundingTenant;
    this.clock = clock;
  }

  private record Backlog(Instant countedAt, boolean isFull) {}

  @Override
  public boolean mayAccept(WebhookAddress address, WebhookRequest headers) {
    return find(address)
        .filter(
            trigger ->
                WebhookVerifier.hasCredentials(trigger.signature(), headers, clock.instant()))
        .isPresent();
  }

  private Optional<StoredTrigger> find(WebhookAddress address) {
    return triggers.find(address, foundingTenant.get());
  }

  @Override
  public Optional<WebhookReceipt> receive(
      WebhookAddress address, WebhookRequest request, RequestSource source) {
    var now = clock.instant();
    return find(address)
        .filter(trigger -> WebhookVerifier.hasCredentials(trigger.signature(), request, now))
        .filter(
            trigger ->
                WebhookVerifier.isSigned(
                    trigger.signature(),
                    request,
                    trigger.signature().secrets().stream()
                        .flatMap(secret -> open(trigger.tenant(), secret))
                        .toList()))
        .map(trigger -> store(trigger, request, source, now));
  }

  private WebhookReceipt store(
      StoredTrigger trigger, WebhookRequest request, RequestSource source, Instant now) {
    if (isFull(trigger.id(), now))
      throw new RejectionException(new WebhookBacklogFull(PENDING_MAX));
    var payload =
        PayloadReader.read(request)
            .orElseThrow(() -> new RejectionException(new WebhookUnreadable()));
    var provider = trigger.provider();
    var id = InboundDeliveryId.next();
    var providerId = ProviderEvent.deliveryId(provider, request, payload.head());
    var duplicate =
        deliveries.insert(
            new NewDelivery(
                id,
                trigger.tenant(),
                trigger.id(),
                providerId.isEmpty() || providerId.length() > PROVIDER_ID_LENGTH_MAX
                    ? id.value()
                    : providerId,
                replayKey(trigger, request),
                ProviderEvent.type(provider, request, payload.head()),
                trigger.signature().hasSecrets(),
                Ids.random("req"),
                source,
                SealedPayload.seal(sealer, trigger.id(), id, payload.json()),
                request.body().length,
                now));
    return new WebhookReceipt(duplicate.orElse(id), duplicate.isPresent());
  }

  /**
   * Returns what is equal for a repeated body: these schemes sign the body only, so that a stranger
   * who has seen a request could send it again with another id and time.
   */
  private static @Nullable String replayKey(StoredTrigger trigger, WebhookRequest request) {
    return switch (trigger.signature().scheme()) {
      case GITHUB, JIRA, SENTRY ->
          request.header(WebhookVerifier.signatureHeader(trigger.signature()));
      case SLACK, STANDARD_WEBHOOKS, SHARED_HEADER, NONE -> null;
    };
  }

  private boolean isFull(TriggerId trigger, Instant now) {
    synchronized (backlogs) {
      var known = backlogs.get(trigger);
      if (known != null && known.countedAt().plus(COUNT_AGE_MAX).isAfter(now))
        return known.isFull();
    }
    boolean isFull = deliveries.countPending(trigger, PENDING_MAX) >= PENDING_MAX;
    synchronized (backlogs) {
      backlogs.put(trigger, new Backlog(now, isFull));
    }
    return isFull;
  }

  private Stream<String> open(TenantId tenant, SecretRef secret) {
    return secrets.open(tenant, secret.vaultId(), secret.name()).stream()
        .flatMap(
            value ->
                switch (value) {
                  case SecretValue.StaticBearer bearer -> Stream.of(bearer.token());
                  case SecretValue.Header header -> Stream.of(header.value());
                  case SecretValue.Basic basic -> Stream.of(basic.password());
                  case SecretValue.EnvironmentVariable variable -> Stream.of(variable.value());
                  case SecretValue.McpOauth _ -> Stream.of();
                });
  }
}
