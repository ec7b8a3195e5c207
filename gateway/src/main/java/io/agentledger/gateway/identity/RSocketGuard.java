package io.agentledger.gateway.identity;

import io.rsocket.Payload;
import io.rsocket.metadata.AuthMetadataCodec;
import io.rsocket.metadata.CompositeMetadata;
import io.rsocket.metadata.WellKnownAuthType;
import io.rsocket.metadata.WellKnownMimeType;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
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
 */
@Component
final class RSocketGuard implements PayloadInterceptor {
  private final Keys keys;

  RSocketGuard(Keys keys) {
    this.keys = keys;
  }

  @Override
  public Mono<Void> intercept(PayloadExchange exchange, PayloadInterceptorChain chain) {
    return Mono.defer(
        () -> {
          var key = key(exchange.getPayload());
          if (key != null)
            return keys.authenticate(key)
                .flatMap(
                    caller ->
                        chain
                            .next(exchange)
                            .contextWrite(
                                ReactiveSecurityContextHolder.withAuthentication(caller)));
          if (exchange.getType() == PayloadExchangeType.SETUP) return chain.next(exchange);
          return ReactiveSecurityContextHolder.getContext()
              .switchIfEmpty(
                  Mono.error(() -> new AuthenticationCredentialsNotFoundException("no key")))
              .flatMap(known -> chain.next(exchange));
        });
  }

  private static @Nullable String key(Payload payload) {
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
    } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException broken) {
      return null; // Metadata of another kind, or garbage: nobody's key.
    }
  }
}
