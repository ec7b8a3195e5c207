package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.edge.CookieCsrfFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The cookie of a browser login: an access token that scripts cannot read and other sites cannot
 * send. Over https its name prefix guarantees that no other host and no plain connection has set
 * it.
 */
public final class AccessTokenCookie {
  private AccessTokenCookie() {}

  /** Returns the token of the request's cookie; null without one. */
  static @Nullable String readToken(ServerHttpRequest request) {
    var cookie = request.getCookies().getFirst(cookieName(request));
    return cookie == null || cookie.getValue().isBlank() ? null : cookie.getValue();
  }

  public static ResponseCookie create(String token, Duration maxAge, ServerHttpRequest request) {
    return ResponseCookie.from(cookieName(request), token)
        .secure(isSecure(request))
        .httpOnly(true)
        .sameSite("Strict")
        .path("/")
        .maxAge(maxAge)
        .build();
  }

  /** Returns a cookie that makes the browser delete the token. */
  public static ResponseCookie createExpired(ServerHttpRequest request) {
    return create("", Duration.ZERO, request);
  }

  private static String cookieName(ServerHttpRequest request) {
    return isSecure(request) ? CookieCsrfFilter.COOKIE : CookieCsrfFilter.PLAIN_COOKIE;
  }

  private static boolean isSecure(ServerHttpRequest request) {
    return "https".equalsIgnoreCase(request.getURI().getScheme());
  }
}
