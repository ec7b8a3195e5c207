package io.agentledger.gateway.support.security;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.quota.RateLimitDecision;
import io.agentledger.api.quota.RateLimiter;
import io.agentledger.api.shared.QuotaRejection.LimitReached;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.gateway.support.messaging.MessageGateway;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Acquires calls from the allowance of a caller, for every protocol. */
@Component
public final class CallRateLimiter {
  private final RateLimiter rateLimiter;
  private final MessageGateway messageGateway;

  CallRateLimiter(RateLimiter rateLimiter, MessageGateway messageGateway) {
    this.rateLimiter = rateLimiter;
    this.messageGateway = messageGateway;
  }

  /** Returns the caller of the current reactive context; empty if unknown. */
  public static Mono<Caller> findCaller() {
    return ReactiveSecurityContextHolder.getContext()
        .flatMap(context -> Mono.justOrEmpty(context.getAuthentication()))
        .flatMap(authentication -> Mono.justOrEmpty(authentication.getPrincipal()))
        .ofType(Caller.class);
  }

  /** Acquires a call and returns the decision, on the current event loop. */
  public Mono<RateLimitDecision> acquire(Caller caller) {
    return Mono.defer(
        () -> {
          var decision = rateLimiter.acquire(caller, 1).toCompletableFuture();
          var mono = Mono.fromFuture(decision);
          return decision.isDone() ? mono : messageGateway.onEventLoop(mono);
        });
  }

  /** Acquires a call, or fails with a rejection; for protocols without response headers. */
  public Mono<Void> acquireOrReject(Caller caller) {
    return acquire(caller)
        .flatMap(
            rateLimitDecision ->
                rateLimitDecision.refusal().isPresent()
                    ? Mono.error(toRejection(rateLimitDecision.refusal().get()))
                    : Mono.empty());
  }

  /** Converts a refusal to a rejection. */
  public static RejectionException toRejection(RateLimitDecision.Refusal refusal) {
    var limit = refusal.policy();
    return new RejectionException(
        new LimitReached("calls_per_" + limit.name(), limit.quota(), refusal.retryAfter()));
  }
}
