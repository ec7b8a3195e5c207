package io.agentledger.command.identity.caller;

import io.agentledger.api.identity.IdentityEvent;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;

/**
 * Tells of what this node itself changes as soon as that is committed: whoever revokes something is
 * answered when it is revoked here. Other nodes hear of it by their tails.
 */
@ProcessingGroup(StandingRecord.GROUP)
final class OwnChanges {
  private final RecentCallers recent;

  OwnChanges(RecentCallers recent) {
    this.recent = recent;
  }

  @EventHandler
  void on(IdentityEvent event) {
    CurrentUnitOfWork.get().root().afterCommit(committed -> recent.changed(event));
  }
}
