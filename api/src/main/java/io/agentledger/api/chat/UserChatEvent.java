package io.agentledger.api.chat;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.StableName;
import org.axonframework.serialization.Revision;

/** Events of the chat of a user. */
public sealed interface UserChatEvent {
  UserChatId chatId();

  /** The session became the one of the chat. */
  @Revision("1")
  @StableName("UserChatStarted")
  record UserChatStarted(UserChatId chatId, SessionId sessionId) implements UserChatEvent {}
}
