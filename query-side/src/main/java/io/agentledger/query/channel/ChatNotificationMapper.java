package io.agentledger.query.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatAgentState;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatAgentCallEnded;
import io.agentledger.api.channel.ChatEvent.ChatAgentCalled;
import io.agentledger.api.channel.ChatEvent.ChatAgentSet;
import io.agentledger.api.channel.ChatEvent.ChatAssigned;
import io.agentledger.api.channel.ChatEvent.ChatClosed;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatEscalated;
import io.agentledger.api.channel.ChatEvent.ChatHandedBack;
import io.agentledger.api.channel.ChatEvent.ChatLabelsChanged;
import io.agentledger.api.channel.ChatEvent.ChatMediaRefused;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatEvent.ChatNoteAdded;
import io.agentledger.api.channel.ChatEvent.ChatOpened;
import io.agentledger.api.channel.ChatEvent.ChatRead;
import io.agentledger.api.channel.ChatEvent.ChatReopened;
import io.agentledger.api.channel.ChatEvent.ChatTakenOver;
import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent;
import io.agentledger.api.channel.ChatNotification;
import io.agentledger.api.channel.ChatNotification.AgentStateChanged;
import io.agentledger.api.channel.ChatNotification.Assigned;
import io.agentledger.api.channel.ChatNotification.Closed;
import io.agentledger.api.channel.ChatNotification.LabelsChanged;
import io.agentledger.api.channel.ChatNotification.MessageStatusChanged;
import io.agentledger.api.channel.ChatNotification.NewMessage;
import io.agentledger.api.channel.ChatNotification.NoteAdded;
import io.agentledger.api.channel.ChatNotification.Opened;
import io.agentledger.api.channel.ChatNotification.Reopened;
import io.agentledger.api.channel.ChatNotification.UnreadChanged;
import io.agentledger.api.channel.SenderType;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.projection.support.SealedContent;
import io.agentledger.query.support.ContentReader;
import io.agentledger.store.event.JsonMappers;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Maps the events of chats to notifications. */
record ChatNotificationMapper(ContentReader contentReader) {
  private static final JsonMapper JSON = JsonMappers.mapper();

  /** Position, channel and time of an event. */
  record Origin(String cursor, ChannelId channel, Instant at) {}

  /**
   * Returns the notification about an event for a caller who sees the chat; empty for events that
   * are not notified.
   */
  Optional<ChatNotification> map(ChatEvent event, Origin origin, ChatAccess access) {
    var chat = event.chatId();
    var channel = origin.channel();
    var at = origin.at();
    var cursor = origin.cursor();
    return Optional.ofNullable(
        switch (event) {
          case ChatOpened opened ->
              new Opened(cursor, chat, channel, first(opened.assignee()), opened.agentState(), at);
          case ChatMessageReceived received ->
              new NewMessage(
                  cursor,
                  chat,
                  channel,
                  received.messageId(),
                  SenderType.CONTACT,
                  preview(chat, received.getClass(), received.content()),
                  received.number(),
                  null,
                  at);
          case ChatMessageSent sent ->
              new NewMessage(
                  cursor,
                  chat,
                  channel,
                  sent.messageId(),
                  sent.sender(),
                  preview(chat, sent.getClass(), sent.content()),
                  sent.number(),
                  sent.senderId().isEmpty() ? null : sent.senderId(),
                  at);
          case ChatDeliveryChanged changed ->
              new MessageStatusChanged(
                  cursor,
                  chat,
                  channel,
                  changed.messageId(),
                  changed.status(),
                  changed.failure().isEmpty() ? null : changed.failure(),
                  at);
          case ChatAssigned assigned ->
              new Assigned(cursor, chat, channel, first(assigned.assignee()), at);
          case ChatClosed _ -> new Closed(cursor, chat, channel, at);
          case ChatReopened _ -> new Reopened(cursor, chat, channel, at);
          case ChatAgentSet set ->
              state(
                  set.active() ? ChatAgentState.ACTIVE : ChatAgentState.INACTIVE,
                  null,
                  null,
                  chat,
                  origin);
          case ChatTakenOver taken ->
              state(ChatAgentState.TAKEN_OVER, taken.by(), null, chat, origin);
          case ChatHandedBack _ -> state(ChatAgentState.ACTIVE, null, null, chat, origin);
          case ChatEscalated escalated ->
              state(
                  ChatAgentState.ESCALATED,
                  null,
                  text(chat, ChatEscalated.class, "reason", escalated.reason()),
                  chat,
                  origin);
          case ChatLabelsChanged changed ->
              new LabelsChanged(cursor, chat, channel, changed.labels(), at);
          case ChatNoteAdded added ->
              new NoteAdded(
                  cursor,
                  chat,
                  channel,
                  added.noteId(),
                  added.by(),
                  ChatQueryHandler.preview(text(chat, ChatNoteAdded.class, "text", added.text())),
                  at);
          case ChatRead _ -> new UnreadChanged(cursor, chat, channel, access.countUnread(chat), at);
          case ChatMediaStored _, ChatMediaRefused _, ChatAgentCalled _, ChatAgentCallEnded _ ->
              null;
        });
  }

  private static AgentStateChanged state(
      ChatAgentState state,
      @Nullable UserId takenOverBy,
      @Nullable String reason,
      ChatId chat,
      Origin origin) {
    return new AgentStateChanged(
        origin.cursor(), chat, origin.channel(), state, takenOverBy, reason, origin.at());
  }

  private String text(ChatId chat, Class<?> event, String field, Content content) {
    return Objects.requireNonNullElse(
        contentReader.text(chat, SealedContent.of(event, field, content)), "");
  }

  private static @Nullable UserId first(List<UserId> users) {
    return users.isEmpty() ? null : users.getFirst();
  }

  private String preview(ChatId chat, Class<?> event, Content content) {
    return contentReader
        .map(
            chat,
            SealedContent.of(event, "content", content),
            text -> JSON.readValue(text, ChatMessageContent.class))
        .map(ChatQueryHandler::preview)
        .orElse(ContentReader.UNAVAILABLE_TEXT);
  }
}
