package io.agentledger.command.subscription;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.subscription.CloudEvent;
import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.DeliveryId;
import io.agentledger.api.subscription.DeliveryTestView;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionId;
import io.agentledger.api.subscription.SubscriptionTester;
import io.agentledger.command.support.TenantMembership;
import io.agentledger.command.support.outbound.OutboundFailures;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import io.agentledger.command.support.webhook.WebhookSignature;
import io.agentledger.store.crypto.Sealer;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sends signed requests to the targets of subscriptions, over the guarded client. Blocks;
 * thread-safe.
 */
final class DeliverySender implements SubscriptionTester {
  private final OutboundHttpClient outbound;
  private final WebhookSecretResolver secrets;
  private final Sealer sealer;
  private final SubscriptionReader subscriptions;
  private final CloudEventFactory cloudEvents;
  private final TenantMembership members;
  private final Clock clock;

  DeliverySender(
      OutboundHttpClient outbound,
      WebhookSecretResolver secrets,
      Sealer sealer,
      SubscriptionReader subscriptions,
      CloudEventFactory cloudEvents,
      TenantMembership members,
      Clock clock) {
    this.outbound = outbound;
    this.secrets = secrets;
    this.sealer = sealer;
    this.subscriptions = subscriptions;
    this.cloudEvents = cloudEvents;
    this.members = members;
    this.clock = clock;
  }

  @Override
  public DeliveryTestView test(TenantId tenant, SubscriptionId id) {
    var subscription =
        subscriptions
            .find(id)
            .filter(stored -> stored.tenant().equals(tenant))
            .orElseThrow(() -> new RejectionException(NotFound.of(id)));
    var sample =
        new CloudEvent(
            CloudEvent.SPEC_VERSION,
            Ids.random("evt"),
            "/api/v1/subscriptions/" + id,
            DeliveredEventType.SUBSCRIPTION_TEST.wireName(),
            null,
            clock.instant(),
            CloudEvent.DATA_MEDIA_TYPE,
            null,
            Map.of("type", "test", "subscription_id", id.value()));
    var outcome = send(subscription, Ids.random(DeliveryId.PREFIX), cloudEvents.encode(sample, ""));
    return new DeliveryTestView(
        outcome.accepted(), outcome.httpStatus(), outcome.failure(), outcome.duration().toMillis());
  }

  /**
   * Sends one request.
   *
   * @param webhookId the same for each attempt of a delivery
   */
  DeliveryOutcome send(StoredSubscription to, String webhookId, byte[] body) {
    long startNanos = System.nanoTime();
    if (!maySendSecrets(to))
      return failed("its owner may not use secrets of vaults any more", elapsed(startNanos));
    try {
      var response = await(to, request(to, webhookId, body));
      return outcome(response, elapsed(startNanos));
    } catch (WebhookSecretResolver.UnusableSecretException e) {
      return failed(String.valueOf(e.getMessage()), elapsed(startNanos));
    } catch (OutboundRefusedException e) {
      return failed(describe(e), elapsed(startNanos));
    } catch (ExecutionException e) {
      return failed(describe(e.getCause()), elapsed(startNanos));
    } catch (TimeoutException e) {
      return failed(describe(e), elapsed(startNanos));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the node stops; the delivery is repeated");
    }
  }

  /** The right to use vaults may have ended since the secrets were named. */
  private boolean maySendSecrets(StoredSubscription to) {
    return to.definition().secrets().isEmpty()
        || members
            .findActiveRole(to.tenant(), to.owner().userId())
            .map(role -> to.owner().toCaller(to.tenant(), role))
            .filter(owner -> owner.has(Scope.VAULTS_WRITE))
            .isPresent();
  }

  private OutboundResponse await(StoredSubscription to, OutboundRequest request)
      throws InterruptedException, ExecutionException, TimeoutException {
    var timeout = to.definition().timeout();
    var response = outbound.send(request, timeout).toFuture();
    try { // The timeout of the client is shorter.
      return response.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } finally {
      response.cancel(true);
    }
  }

  private OutboundRequest request(StoredSubscription to, String webhookId, byte[] body) {
    SubscriptionDefinition definition = to.definition();
    var now = clock.instant();
    var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(definition.headers());
    headers.putAll(secrets.headers(to.tenant(), definition.url(), definition.secrets()));
    headers.put("Content-Type", CloudEvent.MEDIA_TYPE);
    headers.putAll(WebhookSignature.headersWithoutSignature(webhookId, now));
    headers.put(
        "webhook-signature",
        to.secrets().stream()
            .filter(secret -> secret.isValidAt(now))
            .map(
                secret ->
                    sealer.open(
                        to.id(), secret.event(), Subscription.SIGNING_SECRET, secret.content()))
            .map(secret -> WebhookSignature.sign(secret, webhookId, now, body))
            .collect(Collectors.joining(" ")));
    return new OutboundRequest("POST", definition.url(), headers, body);
  }

  private DeliveryOutcome outcome(OutboundResponse response, Duration duration) {
    int status = response.status();
    boolean isAccepted = status >= 200 && status < 300;
    return new DeliveryOutcome(
        status,
        isAccepted ? null : "its target responded with the status " + status,
        duration,
        isAccepted ? Duration.ZERO : retryAfter(response.header("retry-after").orElse("")));
  }

  /** Parses seconds or a date; zero for anything else. */
  private Duration retryAfter(String value) {
    if (value.matches("[0-9]{1,9}")) return Duration.ofSeconds(Long.parseLong(value));
    try {
      Instant at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var delay = Duration.between(clock.instant(), at);
      return delay.isNegative() ? Duration.ZERO : delay;
    } catch (DateTimeException e) {
      return Duration.ZERO;
    }
  }

  private static DeliveryOutcome failed(String failure, Duration duration) {
    return new DeliveryOutcome(null, failure, duration, Duration.ZERO);
  }

  private static String describe(@Nullable Throwable cause) {
    return cause instanceof TimeoutException
            || cause instanceof OutboundRefusedException refused && refused.rule() == Rule.TIME
        ? "its target did not respond in time"
        : OutboundFailures.describe(cause);
  }

  private static Duration elapsed(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }
}
