package io.agentledger.gateway.identity;

/**
 * A ticket for one socket.
 *
 * @param subProtocol what to name as the socket's sub-protocol
 * @param expiresIn seconds
 */
record WebSocketTicketResponse(String ticket, String subProtocol, long expiresIn) {
  @Override
  public String toString() {
    return "WebSocketTicketResponse";
  }
}
