package io.agentledger.query.chat;

import io.agentledger.api.chat.UserChatEvent.UserChatStarted;
import io.agentledger.api.chat.UserChatId;
import io.agentledger.api.chat.UserChatQuery.FindUserChat;
import io.agentledger.api.chat.UserChatView;
import io.agentledger.api.identity.Caller;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;

/**
 * Finds the chat of a user by its last event, which says all that there is to know: a read model
 * would only lag behind it.
 */
class ChatQueryHandler {
  private final EventStore store;

  ChatQueryHandler(EventStore store) {
    this.store = store;
  }

  @QueryHandler
  UserChatView find(FindUserChat query, Caller caller) {
    var chat = UserChatId.of(caller.user()).value();
    return store
        .lastSequenceNumberFor(chat)
        .map(last -> (UserChatStarted) store.readEvents(chat, last).next().getPayload())
        .map(started -> new UserChatView(started.sessionId()))
        .orElseGet(() -> new UserChatView(null));
  }
}
