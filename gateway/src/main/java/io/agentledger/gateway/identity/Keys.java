package io.agentledger.gateway.identity;

import io.agentledger.api.identity.Credentials;
import io.agentledger.gateway.support.Invalid;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Who a key belongs to; the same for every door. */
@Component
final class Keys {
  private static final String BEARER = "bearer ";
  private static final String API_KEY = "X-API-Key";

  private final Credentials credentials;

  Keys(Credentials credentials) {
    this.credentials = credentials;
  }

  Mono<CallerToken> authenticate(String secret) {
    return Mono.fromCompletionStage(() -> credentials.authenticate(secret))
        .flatMap(Mono::justOrEmpty)
        .map(CallerToken::new)
        .switchIfEmpty(Mono.error(() -> new BadCredentialsException("unknown key")));
  }

  /** The key that a request brings, or null; two that differ are a mistake of the client. */
  static @Nullable String in(HttpHeaders headers) {
    var bearer = bearer(headers.getFirst(HttpHeaders.AUTHORIZATION));
    var apiKey = headers.getFirst(API_KEY);
    if (bearer != null && apiKey != null && !bearer.equals(apiKey))
      throw Invalid.header(API_KEY, "must not differ from the key in Authorization");
    return bearer != null ? bearer : apiKey;
  }

  private static @Nullable String bearer(@Nullable String authorization) {
    if (authorization == null) return null;
    return authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)
        ? authorization.substring(BEARER.length()).strip()
        : "";
  }
}
