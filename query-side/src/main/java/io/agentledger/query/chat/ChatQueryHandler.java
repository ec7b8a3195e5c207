package io.agentledger.query.chat;

import io.agentledger.api.chat.ChatId;
import io.agentledger.api.chat.ChatView;
import io.agentledger.api.chat.UserChatEvent.ChatStarted;
import io.agentledger.api.chat.UserChatQuery.FindChat;
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
  ChatView find(FindChat query, Caller caller) {
    var chat = ChatId.of(caller.user()).value();
    return store
        .lastSequenceNumberFor(chat)
        .map(last -> (ChatStarted) store.readEvents(chat, last).next().getPayload())
        .map(started -> new ChatView(started.sessionId()))
        .orElseGet(() -> new ChatView(null));
  }
}
