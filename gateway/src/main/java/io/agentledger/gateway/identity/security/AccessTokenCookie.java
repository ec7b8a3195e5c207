package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.edge.CookieCsrfFilter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * The cookie of the browser session: an access token that scripts cannot read and other sites
 * cannot send. Over https its name says that no other host and no plain connection has set it.
 */
public final class AccessTokenCookie {
  private AccessTokenCookie() {}

  /** The token that it carries; null without one. */
  static @Nullable String in(ServerHttpRequest request) {
    var cookie = request.getCookies().getFirst(name(request));
    return cookie == null || cookie.getValue().isBlank() ? null : cookie.getValue();
  }

  public static ResponseCookie with(String token, Duration age, ServerHttpRequest request) {
    return ResponseCookie.from(name(request), token)
        .secure(isSecure(request))
        .httpOnly(true)
        .sameSite("Strict")
        .path("/")
        .maxAge(age)
        .build();
  }

  /** What makes the browser forget it. */
  public static ResponseCookie none(ServerHttpRequest request) {
    return with("", Duration.ZERO, request);
  }

  private static String name(ServerHttpRequest request) {
    return isSecure(request) ? CookieCsrfFilter.COOKIE : CookieCsrfFilter.PLAIN_COOKIE;
  }

  private static boolean isSecure(ServerHttpRequest request) {
    return "https".equalsIgnoreCase(request.getURI().getScheme());
  }
}
