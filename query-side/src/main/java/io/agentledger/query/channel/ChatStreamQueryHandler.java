package io.agentledger.query.channel;

import io.agentledger.api.channel.ChatNotification;
import io.agentledger.api.channel.ChatQuery.FollowChats;
import io.agentledger.api.identity.Caller;
import io.agentledger.projection.channel.ChannelRowRepository;
import io.agentledger.projection.channel.ChatRowRepository;
import io.agentledger.query.support.ContentReader;
import io.agentledger.query.support.CursorCodec;
import io.agentledger.query.support.ReadModelAccess;
import io.agentledger.store.event.LiveEventFeed;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.beans.factory.annotation.Qualifier;
import reactor.core.publisher.Flux;

/** Streams notifications about the chats that a caller sees. */
class ChatStreamQueryHandler {
  private final ChatFollower.Sources sources;

  ChatStreamQueryHandler(
      @Qualifier("eventStore") EventStore store,
      LiveEventFeed feed,
      CursorCodec cursorCodec,
      ReadModelAccess readModelAccess,
      ChannelRowRepository channels,
      ChatRowRepository chats,
      ContentReader contentReader) {
    this.sources =
        new ChatFollower.Sources(
            store,
            feed,
            cursorCodec,
            new ChatAccess.Sources(readModelAccess, channels, chats),
            new ChatNotificationMapper(contentReader));
  }

  /** Emits notifications on a separate thread with backpressure; never blocks the subscriber. */
  @QueryHandler
  Flux<ChatNotification> follow(FollowChats query, Caller caller) {
    return Flux.create(sink -> new ChatFollower(sources, query, caller, sink).start());
  }
}
