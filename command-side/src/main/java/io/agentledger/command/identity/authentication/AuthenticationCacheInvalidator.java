package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.event.IdentityEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * Invalidates the cache for changes of this node as soon as they are committed, so that a
 * revocation is effective on this node before its caller gets the response. Other nodes are
 * notified by their event tails.
 */
@ProcessingGroup(CredentialLookupUpdater.GROUP)
final class AuthenticationCacheInvalidator {
  private final AuthenticationCache authenticationCache;

  AuthenticationCacheInvalidator(AuthenticationCache authenticationCache) {
    this.authenticationCache = authenticationCache;
  }

  @EventHandler
  void on(IdentityEvent event) {
    CurrentUnitOfWork.get()
        .root()
        .afterCommit(committed -> authenticationCache.evictChangedBy(event));
  }
}
