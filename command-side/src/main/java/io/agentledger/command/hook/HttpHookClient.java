package io.agentledger.command.hook;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookOutcome;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import io.agentledger.command.claude.policy.Hooks.HookInvocation;
import io.agentledger.command.hook.HookLookupTable.StoredHook;
import io.agentledger.command.support.outbound.OutboundFailures;
import io.agentledger.command.support.outbound.OutboundHttpClient;
import io.agentledger.command.support.outbound.OutboundRefusedException;
import io.agentledger.command.support.outbound.OutboundRefusedException.Rule;
import io.agentledger.command.support.outbound.OutboundRequest;
import io.agentledger.command.support.outbound.OutboundResponse;
import io.agentledger.command.support.webhook.WebhookSecretResolver;
import io.agentledger.command.support.webhook.WebhookSignature;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Calls a hook over HTTP and waits for its reply. Blocks; throws only if interrupted. */
final class HttpHookClient {
  private final OutboundHttpClient outbound;
  private final WebhookSecretResolver secrets;
  private final Clock clock;

  HttpHookClient(OutboundHttpClient outbound, WebhookSecretResolver secrets, Clock clock) {
    this.outbound = outbound;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * @param status HTTP status; 0 without a response
   */
  record HookResponse(HookReply reply, int status) {}

  HookResponse call(
      TenantId tenant, StoredHook hook, HookTarget.Http target, HookInvocation invocation)
      throws InterruptedException {
    HookDefinition definition = hook.definition();
    CompletableFuture<OutboundResponse> response;
    try {
      response =
          outbound.send(request(tenant, hook, target, invocation), definition.timeout()).toFuture();
    } catch (WebhookSecretResolver.UnusableSecretException e) {
      return new HookResponse(HookReply.failed(String.valueOf(e.getMessage())), 0);
    } catch (OutboundRefusedException e) {
      return failed(e);
    }
    return awaitResponse(definition, response);
  }

  private static HookResponse awaitResponse(
      HookDefinition definition, CompletableFuture<OutboundResponse> response)
      throws InterruptedException {
    Duration timeout = definition.timeout().plusSeconds(1); // The client's own is shorter.
    try {
      OutboundResponse outboundResponse = response.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new HookResponse(
          HookReply.parse(definition.point(), outboundResponse.status(), outboundResponse.body()),
          outboundResponse.status());
    } catch (TimeoutException e) {
      response.cancel(true);
      return timedOut();
    } catch (ExecutionException e) {
      return failed(e.getCause());
    }
  }

  private static HookResponse timedOut() {
    return new HookResponse(HookReply.of(HookOutcome.TIMED_OUT, "it did not respond in time"), 0);
  }

  private static HookResponse failed(@Nullable Throwable cause) {
    return cause instanceof OutboundRefusedException refused && refused.rule() == Rule.TIME
        ? timedOut()
        : new HookResponse(HookReply.failed(OutboundFailures.describe(cause)), 0);
  }

  private OutboundRequest request(
      TenantId tenant, StoredHook hook, HookTarget.Http target, HookInvocation invocation) {
    byte[] body = invocation.input().toString().getBytes(StandardCharsets.UTF_8);
    Instant now = clock.instant();
    String id = webhookId(hook, invocation, now);
    var headers = new HashMap<>(target.headers());
    headers.putAll(secrets.headers(tenant, target.url(), target.secrets()));
    headers.put("Content-Type", "application/json");
    headers.putAll(WebhookSignature.headersWithoutSignature(id, now));
    if (target.signing() instanceof HookTarget.Signing.Signed signed)
      headers.put(
          "webhook-signature",
          WebhookSignature.sign(secrets.signingSecret(tenant, signed.secret()), id, now, body));
    return new OutboundRequest("POST", target.url(), headers, body);
  }

  /**
   * Returns an id that is the same for one occurrence, so that receivers can detect a repetition
   * after a crash.
   */
  private static String webhookId(StoredHook hook, HookInvocation invocation, Instant now) {
    String discriminator =
        invocation.occurrence().isEmpty() ? now.toString() : invocation.occurrence();
    return Ids.derived("hkc", hook.id().value(), invocation.point().name(), discriminator);
  }
}
