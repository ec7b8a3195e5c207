package io.agentledger.api.channel;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Notification about the chats that a caller sees, the same on every transport. Its cursor is the
 * position after it, from which a stream continues.
 */
public sealed interface ChatNotification extends Discriminated {
  /** Returns the position after the notification; null for the last one of a stream. */
  default @Nullable String cursor() {
    return null;
  }

  /**
   * First of each stream: every later event follows. Sent again after many events of others, whose
   * positions would make an older cursor useless.
   *
   * @param cursor position after which the stream continues
   */
  @StableName("ready")
  record Ready(String cursor) implements ChatNotification {}

  /**
   * A message was received from the contact, or accepted to be sent.
   *
   * @param senderType sender of the message
   * @param preview beginning of the text
   * @param number from 1 in its chat
   * @param senderId user or agent; null for the contact, and for an agent without an id
   */
  @StableName("new_message")
  record NewMessage(
      String cursor,
      ChatId chatId,
      ChannelId channelId,
      ChatMessageId messageId,
      SenderType senderType,
      String preview,
      long number,
      @Nullable String senderId,
      Instant at)
      implements ChatNotification {}

  /**
   * The delivery status of a message changed.
   *
   * @param failure reason of a failure; null for none
   */
  @StableName("message_status")
  record MessageStatusChanged(
      String cursor,
      ChatId chatId,
      ChannelId channelId,
      ChatMessageId messageId,
      MessageStatus status,
      @Nullable String failure,
      Instant at)
      implements ChatNotification {}

  /**
   * A contact wrote for the first time; the message follows.
   *
   * @param assignee null for nobody
   */
  @StableName("chat_opened")
  record Opened(
      String cursor,
      ChatId chatId,
      ChannelId channelId,
      @Nullable UserId assignee,
      ChatAgentState agentState,
      Instant at)
      implements ChatNotification {}

  /**
   * The chat was assigned.
   *
   * @param assignee null for nobody
   */
  @StableName("chat_assigned")
  record Assigned(
      String cursor, ChatId chatId, ChannelId channelId, @Nullable UserId assignee, Instant at)
      implements ChatNotification {}

  /** The chat was closed. */
  @StableName("chat_closed")
  record Closed(String cursor, ChatId chatId, ChannelId channelId, Instant at)
      implements ChatNotification {}

  /** The chat is open again. */
  @StableName("chat_reopened")
  record Reopened(String cursor, ChatId chatId, ChannelId channelId, Instant at)
      implements ChatNotification {}

  /**
   * The state of the agent changed.
   *
   * @param takenOverBy user who answers in its place; null for none
   * @param reason of an escalation; otherwise null
   */
  @StableName("agent_state")
  record AgentStateChanged(
      String cursor,
      ChatId chatId,
      ChannelId channelId,
      ChatAgentState agentState,
      @Nullable UserId takenOverBy,
      @Nullable String reason,
      Instant at)
      implements ChatNotification {}

  /** The labels were replaced. */
  @StableName("chat_labels")
  record LabelsChanged(
      String cursor, ChatId chatId, ChannelId channelId, List<String> labels, Instant at)
      implements ChatNotification {
    public LabelsChanged {
      labels = List.copyOf(labels);
    }
  }

  /**
   * A user added a note. The reason of an escalation, which becomes a note, too, is part of {@link
   * AgentStateChanged}.
   *
   * @param preview beginning of the text
   */
  @StableName("chat_note")
  record NoteAdded(
      String cursor,
      ChatId chatId,
      ChannelId channelId,
      ChatNoteId noteId,
      UserId by,
      String preview,
      Instant at)
      implements ChatNotification {}

  /**
   * The caller has read messages, here or elsewhere.
   *
   * @param unread number of messages of the contact that the caller has not read
   */
  @StableName("unread")
  record UnreadChanged(String cursor, ChatId chatId, ChannelId channelId, long unread, Instant at)
      implements ChatNotification {}

  /**
   * Last of a stream that the service ends.
   *
   * @param code stable code for programs
   * @param detail one sentence for users
   */
  @StableName("error")
  record Ended(String code, String detail) implements ChatNotification {}
}
