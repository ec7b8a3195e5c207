package io.agentledger.gateway.support.security;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/**
 * Reads tickets from the sub-protocols of a WebSocket handshake, the only header that a page can
 * set. Tickets are not sent in the URL, because URLs are logged.
 */
public final class WebSocketTicketProtocol {
  public static final String PREFIX = "agentledger.ticket.";
  public static final String HEADER = "Sec-WebSocket-Protocol";

  private WebSocketTicketProtocol() {}

  /** Returns the ticket of a handshake; null for none, and for other requests. */
  public static @Nullable String readTicket(HttpHeaders headers) {
    return ticketProtocols(headers).stream()
        .map(protocol -> protocol.substring(PREFIX.length()))
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns the sub-protocols that contain a ticket. The response must name one of them; otherwise
   * the browser closes the connection.
   */
  public static List<String> ticketProtocols(HttpHeaders headers) {
    if (!"websocket".equalsIgnoreCase(headers.getUpgrade())) return List.of();
    return headers.getOrEmpty(HEADER).stream()
        .flatMap(value -> Arrays.stream(value.split(",")))
        .map(String::strip)
        .filter(protocol -> protocol.startsWith(PREFIX))
        .toList();
  }
}
