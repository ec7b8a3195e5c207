package io.agentledger.api.channel;

import java.time.Instant;

/**
 * Token of a visitor of a page with the widget.
 *
 * @param token valid for one channel in its present version, and for this visitor
 */
public record VisitorToken(String token, Instant expiresAt) {
  /** Contains no token. */
  @Override
  public String toString() {
    return "VisitorToken[]";
  }
}
