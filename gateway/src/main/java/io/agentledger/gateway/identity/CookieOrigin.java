package io.agentledger.gateway.identity;

import java.util.Set;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * A cookie proves who the browser is, not whose page has asked. What changes something, and what
 * opens a socket, must have been asked by a page of ours: browsers say which it was, and pages
 * cannot say it for them. A client that is no browser has no need of cookies.
 */
final class CookieOrigin {
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private CookieOrigin() {}

  static boolean isOurs(ServerHttpRequest request) {
    var headers = request.getHeaders();
    if (SAFE.contains(request.getMethod()) && headers.getUpgrade() == null) return true;
    var origin = headers.getOrigin();
    var site = headers.getFirst("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) return false;
    if (origin == null) return site != null;
    return origin.equals(request.getURI().getScheme() + "://" + headers.getFirst("Host"));
  }
}
