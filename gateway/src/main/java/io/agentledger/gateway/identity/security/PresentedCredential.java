package io.agentledger.gateway.identity.security;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.security.WebSocketTicketProtocol;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;

/** Credential that a request presents. */
sealed interface PresentedCredential {
  String API_KEY = "X-API-Key";

  /** Key or token in a header. */
  record HeaderToken(String value) implements PresentedCredential {
    @Override
    public String toString() {
      return "HeaderToken";
    }
  }

  /** Token that a browser sends with every request, those of other pages included. */
  record CookieToken(String token) implements PresentedCredential {
    @Override
    public String toString() {
      return "CookieToken";
    }
  }

  /** Ticket that opens a WebSocket, for clients that cannot set headers. */
  record WebSocketTicket(String value) implements PresentedCredential {
    @Override
    public String toString() {
      return "WebSocketTicket";
    }
  }

  /**
   * Returns the credential of a request, null if it has none.
   *
   * @throws InvalidRequestException if it has two keys that differ
   */
  static @Nullable PresentedCredential from(ServerHttpRequest request) {
    var headers = request.getHeaders();
    var bearer = parseBearer(headers.getFirst(HttpHeaders.AUTHORIZATION));
    var apiKey = headers.getFirst(API_KEY);
    if (bearer != null && apiKey != null && !bearer.equals(apiKey))
      throw InvalidRequestException.header(
          API_KEY, "must not differ from the key in Authorization");
    if (bearer != null) return new HeaderToken(bearer);
    if (apiKey != null) return new HeaderToken(apiKey);
    var ticket = WebSocketTicketProtocol.readTicket(headers);
    if (ticket != null) return new WebSocketTicket(ticket);
    var cookie = AccessTokenCookie.readToken(request);
    return cookie == null ? null : new CookieToken(cookie);
  }

  private static @Nullable String parseBearer(@Nullable String authorization) {
    if (authorization == null) return null;
    var scheme = "bearer ";
    return authorization.toLowerCase(Locale.ROOT).startsWith(scheme)
        ? authorization.substring(scheme.length()).strip()
        : "";
  }
}
