package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.web.RequestIdFilter;
import io.agentledger.gateway.support.web.RequestMetadata;
import io.rsocket.Payload;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.WellKnownAuthType;
import io.rsocket.metadata.WellKnownMimeType;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.rsocket.api.PayloadExchange;
import org.springframework.security.rsocket.api.PayloadExchangeType;
import org.springframework.security.rsocket.api.PayloadInterceptor;
import org.springframework.security.rsocket.api.PayloadInterceptorChain;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Keys on RSocket: a bearer in {@code message/x.rsocket.authentication.v0}, at setup for the whole
 * connection or with a request for that one. A connection may be set up without; no request passes.
 * What the connection was set up with is looked at again with each request.
 */
@Component
@Order(0) // First it is known who asks.
final class RSocketAuthenticationInterceptor implements PayloadInterceptor {
  private final CallerAuthenticator callerAuthenticator;

  RSocketAuthenticationInterceptor(CallerAuthenticator callerAuthenticator) {
    this.callerAuthenticator = callerAuthenticator;
  }

  @Override
  public Mono<Void> intercept(PayloadExchange exchange, PayloadInterceptorChain chain) {
    return Mono.defer(
        () -> {
          var key = readBearerToken(exchange.getPayload());
          if (key != null)
            return requestMetadata()
                .flatMap(
                    requestMetadata ->
                        callerAuthenticator.authenticate(
                            new PresentedCredential.HeaderToken(key), requestMetadata))
                .flatMap(authentication -> proceedAs(exchange, chain, authentication));
          if (exchange.getType() == PayloadExchangeType.SETUP) return chain.next(exchange);
          // The connection knows who it is, but not whether they still are.
          return RequestContextArgumentResolver.requireAuthentication()
              .flatMap(callerAuthenticator::reauthenticate)
              .flatMap(authentication -> proceedAs(exchange, chain, authentication));
        });
  }

  private static Mono<Void> proceedAs(
      PayloadExchange exchange,
      PayloadInterceptorChain chain,
      CallerAuthentication authentication) {
    return chain
        .next(exchange)
        .contextWrite(ReactiveSecurityContextHolder.withAuthentication(authentication));
  }

  static Mono<RequestMetadata> requestMetadata() {
    return Mono.deferContextual(
        context ->
            Mono.just(
                new RequestMetadata(
                    RequestIdFilter.newRequestId(), RequestSourceResolver.resolve(context))));
  }

  private static @Nullable String readBearerToken(Payload payload) {
    if (!payload.hasMetadata()) return null;
    try {
      for (var entry : new CompositeMetadata(payload.metadata(), false)) {
        if (!WellKnownMimeType.MESSAGE_RSOCKET_AUTHENTICATION
            .getString()
            .equals(entry.getMimeType())) continue;
        var content = entry.getContent().duplicate();
        if (AuthMetadataCodec.isWellKnownAuthType(content)
            && AuthMetadataCodec.readWellKnownAuthType(content) == WellKnownAuthType.BEARER)
          return new String(AuthMetadataCodec.readBearerTokenAsCharArray(content));
      }
      return null;
    } catch (IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException exception) {
      return null; // Metadata of another kind, or garbage: nobody's key.
    }
  }
}
