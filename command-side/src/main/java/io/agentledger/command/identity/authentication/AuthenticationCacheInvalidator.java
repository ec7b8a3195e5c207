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
  private final AuthenticationCache recent;

  AuthenticationCacheInvalidator(AuthenticationCache recent) {
    this.recent = recent;
  }

  @EventHandler
  void on(IdentityEvent event) {
    CurrentUnitOfWork.get().root().afterCommit(committed -> recent.changed(event));
  }
}
