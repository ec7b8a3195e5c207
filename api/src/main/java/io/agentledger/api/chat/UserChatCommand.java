package io.agentledger.api.chat;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for the chat of a user, which only this user may send. */
@StableName("user_chat")
public sealed interface UserChatCommand extends ApiCommand {
  @TargetAggregateIdentifier
  UserChatId chatId();

  /**
   * Makes the new session the one of the chat if there is none, or if it is the ended one. Returns
   * the {@link SessionId} of the chat, so that competing commands agree.
   *
   * @param endedSessionId session that accepts no queries any more; null for none
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ContinueUserChat")
  record ContinueUserChat(
      UserChatId chatId, SessionId newSessionId, @Nullable SessionId endedSessionId)
      implements UserChatCommand {}

  /**
   * Makes the new session the one of the chat. Returns the {@link SessionId} that it had before;
   * null for none. Idempotent.
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @StableName("StartUserChat")
  record StartUserChat(UserChatId chatId, SessionId newSessionId) implements UserChatCommand {}
}
