package io.agentledger.api.channel;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.List;
import org.axonframework.serialization.Revision;

/**
 * Events of a chat with a contact. Contents are sealed under the chat's key. Messages of all
 * senders have dense numbers from 1.
 */
public sealed interface ChatEvent {
  ChatId chatId();

  /**
   * The contact wrote for the first time.
   *
   * @param contact {@link ChatContact} as JSON
   * @param assignee at most one user; empty for nobody
   */
  @Revision("1")
  @StableName("ChatOpened")
  record ChatOpened(
      ChatId chatId,
      ChannelId channelId,
      Content contact,
      List<UserId> assignee,
      ChatAgentState agentState)
      implements ChatEvent {}

  /**
   * The contact sent a message.
   *
   * @param content {@link ChatMessageContent} as JSON
   * @param mediaCount number of files at the platform
   * @param sentAt time of the platform
   */
  @Revision("1")
  @StableName("ChatMessageReceived")
  record ChatMessageReceived(
      ChatId chatId,
      ChannelId channelId,
      ChatMessageId messageId,
      long number,
      String platformMessageId,
      Content content,
      int mediaCount,
      Instant sentAt)
      implements ChatEvent {}

  /**
   * A file of a message was stored.
   *
   * @param data base64 of the bytes
   */
  @Revision("1")
  @StableName("ChatMediaStored")
  record ChatMediaStored(
      ChatId chatId,
      ChatMessageId messageId,
      int index,
      Content data,
      String mediaType,
      long sizeBytes)
      implements ChatEvent {}

  /** A file of a message cannot be stored. */
  @Revision("1")
  @StableName("ChatMediaRefused")
  record ChatMediaRefused(ChatId chatId, ChatMessageId messageId, int index, String reason)
      implements ChatEvent {}

  /**
   * A message to the contact was accepted; it waits to be sent. A {@link ChatMediaStored} for each
   * of its files follows at once.
   *
   * @param senderId user or agent; empty for an external agent without a token
   * @param content {@link ChatMessageContent} as JSON
   */
  @Revision("1")
  @StableName("ChatMessageSent")
  record ChatMessageSent(
      ChatId chatId,
      ChannelId channelId,
      ChatMessageId messageId,
      long number,
      SenderType sender,
      String senderId,
      Content content)
      implements ChatEvent {}

  /**
   * The delivery status of a message changed.
   *
   * @param platformMessageIds ids of all parts in order, if the status is {@code SENT}
   * @param failure reason of a failure; otherwise empty
   */
  @Revision("1")
  @StableName("ChatDeliveryChanged")
  record ChatDeliveryChanged(
      ChatId chatId,
      ChannelId channelId,
      ChatMessageId messageId,
      MessageStatus status,
      List<String> platformMessageIds,
      String failure,
      Instant at)
      implements ChatEvent {
    public ChatDeliveryChanged {
      platformMessageIds = List.copyOf(platformMessageIds);
    }
  }

  /**
   * The chat was assigned.
   *
   * @param assignee at most one user; empty for nobody
   */
  @Revision("1")
  @StableName("ChatAssigned")
  record ChatAssigned(ChatId chatId, List<UserId> assignee) implements ChatEvent {}

  /** The agent was switched on or off. */
  @Revision("1")
  @StableName("ChatAgentSet")
  record ChatAgentSet(ChatId chatId, boolean active) implements ChatEvent {}

  /** A user answers in place of the agent. */
  @Revision("1")
  @StableName("ChatTakenOver")
  record ChatTakenOver(ChatId chatId, UserId by) implements ChatEvent {}

  /** The agent answers again. */
  @Revision("1")
  @StableName("ChatHandedBack")
  record ChatHandedBack(ChatId chatId) implements ChatEvent {}

  /**
   * The agent waits until users have answered: it asked for them, or failed.
   *
   * @param reason text of the agent, or of the user who handed the chat over
   */
  @Revision("1")
  @StableName("ChatEscalated")
  record ChatEscalated(ChatId chatId, Content reason) implements ChatEvent {}

  /** The chat was closed. */
  @Revision("1")
  @StableName("ChatClosed")
  record ChatClosed(ChatId chatId) implements ChatEvent {}

  /** The chat is open again. */
  @Revision("1")
  @StableName("ChatReopened")
  record ChatReopened(ChatId chatId) implements ChatEvent {}

  /** The labels were replaced. */
  @Revision("1")
  @StableName("ChatLabelsChanged")
  record ChatLabelsChanged(ChatId chatId, List<String> labels) implements ChatEvent {
    public ChatLabelsChanged {
      labels = List.copyOf(labels);
    }
  }

  /** A note was added. */
  @Revision("1")
  @StableName("ChatNoteAdded")
  record ChatNoteAdded(ChatId chatId, ChatNoteId noteId, UserId by, Content text)
      implements ChatEvent {}

  /**
   * A user has read the messages up to a number, which is lower once they marked some as unread.
   */
  @Revision("1")
  @StableName("ChatRead")
  record ChatRead(ChatId chatId, UserId by, long through) implements ChatEvent {}

  /**
   * A call of the agent began.
   *
   * @param through number of the last message that it contains
   * @param sessionId session of an internal agent; empty for an external one
   */
  @Revision("1")
  @StableName("ChatAgentCalled")
  record ChatAgentCalled(ChatId chatId, long through, List<SessionId> sessionId)
      implements ChatEvent {}

  /**
   * A call of the agent ended.
   *
   * @param reason of a failure; otherwise empty
   */
  @Revision("1")
  @StableName("ChatAgentCallEnded")
  record ChatAgentCallEnded(ChatId chatId, long through, AgentCallOutcome outcome, String reason)
      implements ChatEvent {}
}
