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
 * Counts each RSocket request, after authentication. Messages of an open conversation are counted
 * by its handler.
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
