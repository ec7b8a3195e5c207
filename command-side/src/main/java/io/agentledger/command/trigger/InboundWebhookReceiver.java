package io.agentledger.command.trigger;

import io.agentledger.api.identity.RequestSource;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.TriggerRejection.WebhookBacklogFull;
import io.agentledger.api.shared.TriggerRejection.WebhookUnreadable;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.SignatureScheme;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.api.trigger.WebhookReceiver;
import io.agentledger.api.trigger.WebhookRequest;
import io.agentledger.api.vault.SecretReader;
import io.agentledger.api.vault.SecretRef;
import io.agentledger.api.vault.SecretValue;
import io.agentledger.command.trigger.InboundDeliveryTable.NewDelivery;
import io.agentledger.command.trigger.PayloadReader.Payload;
import io.agentledger.command.trigger.TriggerLookupTable.StoredTrigger;
import io.agentledger.store.crypto.ContentStore;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.BoundedMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Verifies webhooks and stores them, without a command: an acknowledgement costs one durable
 * statement. Thread-safe.
 */
final class InboundWebhookReceiver implements WebhookReceiver {
  /** Maximum number of pending deliveries of a trigger, as it was counted in the last second. */
  static final int PENDING_MAX = 50_000;

  private static final String UNREADABLE =
      "The body of a webhook must be a JSON object in UTF-8, or a form.";

  private static final Duration COUNT_AGE_MAX = Duration.ofSeconds(1);
  private static final int COUNTED_TRIGGERS_MAX = 1_000;
  private static final int PROVIDER_ID_LENGTH_MAX = 200;

  /** Bodies beyond it take a multiple of their size in memory, so they are read one by one. */
  private static final int LARGE_BYTES = 1024 * 1024;

  /** Bodies beyond it are not read in search of a challenge. */
  private static final int CHALLENGE_BYTES_MAX = 4_096;

  private static final Duration LARGE_WAIT = Duration.ofSeconds(10);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final TriggerLookupTable triggers;
  private final InboundDeliveryTable deliveries;
  private final SecretReader secrets;
  private final Sealer sealer;
  private final ContentStore contents;
  private final Supplier<TenantId> foundingTenant;
  private final Clock clock;
  private final Map<TriggerId, Backlog> backlogs = BoundedMap.accessOrdered(COUNTED_TRIGGERS_MAX);
  private final Semaphore large = new Semaphore(1);

  InboundWebhookReceiver(
      TriggerLookupTable triggers,
      InboundDeliveryTable deliveries,
      SecretReader secrets,
      Sealer sealer,
      ContentStore contents,
      Supplier<TenantId> foundingTenant,
      Clock clock) {
    this.triggers = triggers;
    this.deliveries = deliveries;
    this.secrets = secrets;
    this.sealer = sealer;
    this.contents = contents;
    this.foundingTenant = foundingTenant;
    this.clock = clock;
  }

  private record Backlog(Instant countedAt, boolean isFull) {}

  @Override
  public int findBodyLimit(WebhookAddress address, WebhookRequest headers) {
    return find(address)
        .filter(
            trigger ->
                WebhookVerifier.hasCredentials(trigger.signature(), headers, clock.instant()))
        .map(
            trigger ->
                trigger.signature().hasSecrets()
                    ? WebhookRequest.BODY_BYTES_MAX
                    : WebhookRequest.UNSIGNED_BODY_BYTES_MAX)
        .orElse(0);
  }

  private Optional<StoredTrigger> find(WebhookAddress address) {
    return triggers.find(address, foundingTenant.get());
  }

  @Override
  public Optional<WebhookResponse> receive(
      WebhookAddress address, WebhookRequest request, RequestSource source) {
    var now = clock.instant();
    return find(address)
        .filter(trigger -> WebhookVerifier.hasCredentials(trigger.signature(), request, now))
        .flatMap(
            trigger ->
                verify(trigger, request)
                    .map(signature -> respond(trigger, request, signature, source, now)));
  }

  private Optional<String> verify(StoredTrigger trigger, WebhookRequest request) {
    return WebhookVerifier.verify(
        trigger.signature(),
        request,
        trigger.signature().secrets().stream()
            .flatMap(secret -> open(trigger.tenant(), secret))
            .toList());
  }

  private WebhookResponse respond(
      StoredTrigger trigger,
      WebhookRequest request,
      String signature,
      RequestSource source,
      Instant now) {
    return findChallenge(trigger, request)
        .<WebhookResponse>map(WebhookChallenge::new)
        .orElseGet(() -> store(trigger, request, signature, source, now));
  }

  /** Slack asks a new address for the challenge of a signed request. */
  private static Optional<String> findChallenge(StoredTrigger trigger, WebhookRequest request) {
    if (trigger.signature().scheme() != SignatureScheme.SLACK
        || request.body().length > CHALLENGE_BYTES_MAX) return Optional.empty();
    return PayloadReader.read(request)
        .map(Payload::head)
        .filter(head -> "url_verification".equals(head.get("type")))
        .map(head -> head.get("challenge"));
  }

  private WebhookReceipt store(
      StoredTrigger trigger,
      WebhookRequest request,
      String signature,
      RequestSource source,
      Instant now) {
    if (isFull(trigger.id(), now))
      throw new RejectionException(new WebhookBacklogFull(PENDING_MAX));
    boolean isLarge = request.body().length > LARGE_BYTES;
    if (isLarge && !acquireLarge()) throw new RejectionException(new Busy(RETRY_AFTER));
    try {
      return insert(trigger, request, signature, source, now);
    } finally {
      if (isLarge) large.release();
    }
  }

  private boolean acquireLarge() {
    try {
      return large.tryAcquire(LARGE_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private WebhookReceipt insert(
      StoredTrigger trigger,
      WebhookRequest request,
      String signature,
      RequestSource source,
      Instant now) {
    var payload =
        PayloadReader.read(request)
            .orElseThrow(() -> new RejectionException(new WebhookUnreadable(UNREADABLE)));
    var provider = trigger.provider();
    var id = InboundDeliveryId.next();
    var given = ProviderEvent.deliveryId(provider, request, payload.head());
    var providerId = given.isEmpty() ? id.value() : toKey(given);
    // A stranger who has seen a request can send it again with other headers.
    var replayKey = signature.isEmpty() ? null : signature;
    var earlier = deliveries.findEarlier(trigger.id(), providerId, replayKey);
    if (earlier.isPresent()) return new WebhookReceipt(earlier.get(), true);
    var sealed = SealedPayload.seal(sealer, trigger.id(), id, payload.json());
    var duplicate =
        deliveries.insert(
            new NewDelivery(
                id,
                trigger.tenant(),
                trigger.id(),
                providerId,
                replayKey,
                ProviderEvent.type(provider, request, payload.head()),
                trigger.signature().hasSecrets(),
                Ids.random("req"),
                source,
                sealed,
                request.body().length,
                now));
    if (duplicate.isPresent()) SealedPayload.deleteFile(contents, sealed);
    return new WebhookReceipt(duplicate.orElse(id), duplicate.isPresent());
  }

  /** Returns the id, or the digest of a long one. */
  private static String toKey(String providerId) {
    if (providerId.length() <= PROVIDER_ID_LENGTH_MAX) return providerId;
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(providerId.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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
