package io.agentledger.gateway.identity;

/**
 * A ticket for one WebSocket.
 *
 * @param subProtocol sub-protocol with which the client presents the ticket
 * @param expiresIn seconds
 */
record WebSocketTicketResponse(String ticket, String subProtocol, long expiresIn) {
  @Override
  public String toString() {
    return "WebSocketTicketResponse";
  }
}
