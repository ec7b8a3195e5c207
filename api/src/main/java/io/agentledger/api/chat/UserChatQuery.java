package io.agentledger.api.chat;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.StableName;

/** Queries about the chat of a user. */
public sealed interface UserChatQuery extends TenantScoped {
  /** Returns a {@link UserChatView} of the caller's own chat. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindUserChat")
  record FindUserChat(TenantId tenant) implements UserChatQuery {}
}
