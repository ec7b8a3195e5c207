package io.agentledger.gateway.identity;

import io.agentledger.gateway.support.Invalid;
import io.agentledger.gateway.support.SocketTicket;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** What a request brings to be known by. */
sealed interface Brought {
  String API_KEY = "X-API-Key";

  /** A key or a token, in a header. */
  record Secret(String value) implements Brought {
    @Override
    public String toString() {
      return "Secret";
    }
  }

  /** A token that the browser sends by itself, whoever made it. */
  record Cookie(String token) implements Brought {
    @Override
    public String toString() {
      return "Cookie";
    }
  }

  /** What a socket is opened with where no header can be set. */
  record Ticket(String value) implements Brought {
    @Override
    public String toString() {
      return "Ticket";
    }
  }

  /** What there is; null for nothing. Two keys that differ are a mistake of the client. */
  static @Nullable Brought by(ServerHttpRequest request) {
    var headers = request.getHeaders();
    var bearer = bearer(headers.getFirst(HttpHeaders.AUTHORIZATION));
    var apiKey = headers.getFirst(API_KEY);
    if (bearer != null && apiKey != null && !bearer.equals(apiKey))
      throw Invalid.header(API_KEY, "must not differ from the key in Authorization");
    if (bearer != null) return new Secret(bearer);
    if (apiKey != null) return new Secret(apiKey);
    var ticket = SocketTicket.in(headers);
    if (ticket != null) return new Ticket(ticket);
    var cookie = SessionCookie.in(request);
    return cookie == null ? null : new Cookie(cookie);
  }

  private static @Nullable String bearer(@Nullable String authorization) {
    if (authorization == null) return null;
    var scheme = "bearer ";
    return authorization.toLowerCase(Locale.ROOT).startsWith(scheme)
        ? authorization.substring(scheme.length()).strip()
        : "";
  }
}
