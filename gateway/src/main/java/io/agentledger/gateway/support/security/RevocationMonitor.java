package io.agentledger.gateway.support.security;

import io.agentledger.gateway.support.web.RequestContext;
import reactor.core.publisher.Mono;

/** Rechecks the callers of open connections. */
public interface RevocationMonitor {
  /**
   * Completes within five seconds after the caller's credential was revoked or its permissions
   * changed. Callers with the same credential share one check. Must be cancelled when the
   * connection ends.
   */
  Mono<Void> onRevoked(RequestContext context);
}
