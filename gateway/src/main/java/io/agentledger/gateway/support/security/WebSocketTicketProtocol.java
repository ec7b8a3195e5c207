package io.agentledger.gateway.support.security;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * The one thing that a page can say when it opens a socket is which sub-protocols it speaks; a
 * ticket is one of them. Not in the URL: those are logged.
 */
public final class WebSocketTicketProtocol {
  public static final String PREFIX = "agentledger.ticket.";
  public static final String HEADER = "Sec-WebSocket-Protocol";

  private WebSocketTicketProtocol() {}

  /** The ticket of a handshake; null for none, and for what is no handshake. */
  public static @Nullable String readTicket(HttpHeaders headers) {
    return ticketProtocols(headers).stream()
        .map(protocol -> protocol.substring(PREFIX.length()))
        .findFirst()
        .orElse(null);
  }

  /** The sub-protocols that carry one: what the answer must name, or the browser hangs up. */
  public static List<String> ticketProtocols(HttpHeaders headers) {
    if (!"websocket".equalsIgnoreCase(headers.getUpgrade())) return List.of();
    return headers.getOrEmpty(HEADER).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(PREFIX))
        .toList();
  }
}
