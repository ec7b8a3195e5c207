package io.agentledger.command.identity.authentication;

import io.agentledger.api.identity.event.IdentityEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * Tells of what this node itself changes as soon as that is committed: whoever revokes something is
 * answered when it is revoked here. Other nodes hear of it by their tails.
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
