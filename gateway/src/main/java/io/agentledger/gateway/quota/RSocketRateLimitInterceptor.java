package io.agentledger.gateway.quota;

import io.agentledger.gateway.support.security.CallRateLimiter;
import org.springframework.core.annotation.Order;
import org.springframework.security.rsocket.api.PayloadExchange;
import org.springframework.security.rsocket.api.PayloadExchangeType;
import org.springframework.security.rsocket.api.PayloadInterceptor;
import org.springframework.security.rsocket.api.PayloadInterceptorChain;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Counts each request on RSocket, behind the guard that knows whose it is. What is said within a
 * conversation is counted where it is heard, and answered there.
 */
@Component
@Order(100)
final class RSocketRateLimitInterceptor implements PayloadInterceptor {
  private final CallRateLimiter rateLimiter;

  RSocketRateLimitInterceptor(CallRateLimiter rateLimiter) {
    this.rateLimiter = rateLimiter;
  }

  @Override
  public Mono<Void> intercept(PayloadExchange exchange, PayloadInterceptorChain chain) {
    var type = exchange.getType();
    if (type == PayloadExchangeType.SETUP || type == PayloadExchangeType.PAYLOAD)
      return chain.next(exchange);
    return CallRateLimiter.findCaller()
        .flatMap(rateLimiter::acquireOrReject)
        .then(Mono.defer(() -> chain.next(exchange)));
  }
}
