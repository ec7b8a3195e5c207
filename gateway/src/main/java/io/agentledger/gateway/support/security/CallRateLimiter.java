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

/** Takes a call from whoever makes one, on every door the same. */
@Component
public final class CallRateLimiter {
  private final RateLimiter rateLimiter;
  private final MessageGateway messageGateway;

  CallRateLimiter(RateLimiter rateLimiter, MessageGateway messageGateway) {
    this.rateLimiter = rateLimiter;
    this.messageGateway = messageGateway;
  }

  /** Who makes the call of the current reactive context; nobody where that is not known. */
  public static Mono<Caller> findCaller() {
    return ReactiveSecurityContextHolder.getContext()
        .flatMap(context -> Mono.justOrEmpty(context.getAuthentication()))
        .flatMap(authentication -> Mono.justOrEmpty(authentication.getPrincipal()))
        .ofType(Caller.class);
  }

  /** What is left, and whether the call may go on; on the event loop that we are on now. */
  public Mono<RateLimitDecision> acquire(Caller caller) {
    return messageGateway.onEventLoop(
        Mono.fromCompletionStage(() -> rateLimiter.acquire(caller, 1)));
  }

  /** The same where there is no room for headers: fails when the call may not go on. */
  public Mono<Void> acquireOrReject(Caller caller) {
    return acquire(caller)
        .flatMap(
            rateLimitDecision ->
                rateLimitDecision.refusal().isPresent()
                    ? Mono.error(toRejection(rateLimitDecision.refusal().get()))
                    : Mono.empty());
  }

  /** In the words of every other "no". */
  public static RejectionException toRejection(RateLimitDecision.Refusal refusal) {
    var limit = refusal.policy();
    return new RejectionException(
        new LimitReached("calls_per_" + limit.name(), limit.quota(), refusal.retryAfter()));
  }
}
