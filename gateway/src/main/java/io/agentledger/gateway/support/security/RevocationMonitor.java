package io.agentledger.gateway.support.security;

import io.agentledger.gateway.support.web.RequestContext;
import reactor.core.publisher.Mono;

/** Checks whether the callers of open connections may still be connected. */
public interface RevocationMonitor {
  /**
   * Completes when the visitor's credential does not count any more, or not for the same: within
   * five seconds of that. What it is asked of those who came with the same credential is asked
   * once. To be cancelled when they leave.
   */
  Mono<Void> onRevoked(RequestContext context);
}
