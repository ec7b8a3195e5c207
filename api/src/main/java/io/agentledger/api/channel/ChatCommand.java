package io.agentledger.api.channel;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.ApiCommand;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAgents;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import java.time.Instant;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands for chats with contacts. */
@StableName("chat")
public sealed interface ChatCommand extends ApiCommand {
  /** Maximum number of labels of a chat. */
  int LABELS_MAX = 20;

  /** Maximum length of a label. */
  int LABEL_LENGTH_MAX = 50;

  /** Maximum length of a note, and of a reason. */
  int NOTE_LENGTH_MAX = 4_000;

  /** Maximum number of messages that one command records. */
  int RECEIVED_MAX = 100;

  @TargetAggregateIdentifier
  ChatId chatId();

  /**
   * Message of a contact.
   *
   * @param sentAt time of the platform
   */
  record ReceivedMessage(
      ChatMessageId messageId,
      String platformMessageId,
      ChatMessageContent content,
      Instant sentAt) {}

  /** Records messages of the contact in order; opens the chat with the first. */
  @InternalOnly
  @StableName("ReceiveChatMessages")
  record ReceiveChatMessages(
      ChatId chatId, ChannelId channelId, ChatContact contact, List<ReceivedMessage> messages)
      implements ChatCommand {
    public ReceiveChatMessages {
      messages = List.copyOf(messages);
    }
  }

  /**
   * Records that media of a message was stored. Idempotent.
   *
   * @param index position in the message's media, from 0
   * @param data base64 of the bytes, sealed for {@code data} of {@link ChatEvent.ChatMediaStored}
   * @param mediaType type of the bytes
   */
  @InternalOnly
  @StableName("StoreChatMedia")
  record StoreChatMedia(
      ChatId chatId,
      ChatMessageId messageId,
      int index,
      Content data,
      String mediaType,
      long sizeBytes)
      implements ChatCommand {}

  /**
   * Records that media of a message cannot be stored. Idempotent.
   *
   * @param reason sentence that is safe to show
   */
  @InternalOnly
  @StableName("RefuseChatMedia")
  record RefuseChatMedia(ChatId chatId, ChatMessageId messageId, int index, String reason)
      implements ChatCommand {}

  /**
   * File of a message to the contact.
   *
   * @param mediaType declared type, which must be of the kind of the bytes; empty for that of the
   *     bytes
   * @param data base64 of at least one byte
   */
  record SentFile(String name, String mediaType, String data) {
    /** Contains no content. */
    @Override
    public String toString() {
      return "SentFile[" + mediaType + "]";
    }
  }

  /**
   * Queues a message of a user, who so has read the chat, or of an agent with its token, and
   * returns its {@link ChatMessageId}. A message of an agent is refused unless it is the channel's
   * and active in the chat.
   *
   * @param content without media
   * @param files at most {@link ChatMessageContent#MEDIA_MAX}, sent after the text
   * @param at present time, for the platform's limit after the contact's last message
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("SendChatMessage")
  record SendChatMessage(
      ChatId chatId,
      ChatMessageId messageId,
      ChatMessageContent content,
      List<SentFile> files,
      Instant at,
      @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {
    public SendChatMessage {
      files = List.copyOf(files);
    }
  }

  /**
   * Records a delivery status. One that would go backwards is ignored.
   *
   * @param platformMessageIds ids of all parts in order, if the status is {@code SENT}; of the part
   *     that a report names otherwise; empty if unknown
   * @param failure reason of a failure, such as {@code outcome_unknown: ...}; otherwise empty
   */
  @InternalOnly
  @StableName("RecordChatDelivery")
  record RecordChatDelivery(
      ChatId chatId,
      ChatMessageId messageId,
      MessageStatus status,
      List<String> platformMessageIds,
      String failure,
      Instant at)
      implements ChatCommand {
    public RecordChatDelivery {
      platformMessageIds = List.copyOf(platformMessageIds);
    }
  }

  /**
   * Cancels a message that waits. Idempotent. Rejected once the contact may have a part of it.
   *
   * @param at present time
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("CancelChatMessage")
  record CancelChatMessage(
      ChatId chatId, ChatMessageId messageId, Instant at, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /**
   * Assigns the chat. Idempotent.
   *
   * @param assignee null for nobody
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("AssignChat")
  record AssignChat(ChatId chatId, @Nullable UserId assignee, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /** Switches the agent on or off. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("SetChatAgent")
  record SetChatAgent(ChatId chatId, boolean active, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /** Pauses the agent: the caller answers. Rejected if another user has taken the chat over. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("TakeOverChat")
  record TakeOverChat(ChatId chatId, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /** Lets the agent answer again, after a take-over or an escalation. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("HandBackChat")
  record HandBackChat(ChatId chatId, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /** Closes the chat. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("CloseChat")
  record CloseChat(ChatId chatId, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /** Opens the chat again. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ReopenChat")
  record ReopenChat(ChatId chatId, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /** Replaces the labels. Idempotent. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("ChangeChatLabels")
  record ChangeChatLabels(ChatId chatId, List<String> labels, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {
    public ChangeChatLabels {
      labels = List.copyOf(labels);
    }
  }

  /** Adds a note, which the contact does not see. */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("AddChatNote")
  record AddChatNote(
      ChatId chatId, ChatNoteId noteId, String text, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}

  /**
   * Records that the caller read the chat. Never goes backwards.
   *
   * @param through number of the last message that was read
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @PermitAgents
  @StableName("ReadChat")
  record ReadChat(ChatId chatId, long through) implements ChatCommand {}

  /** Records that the caller has not read the last message of the contact. Idempotent. */
  @RequiresScope(Scope.SESSIONS_READ)
  @PermitAgents
  @StableName("MarkChatUnread")
  record MarkChatUnread(ChatId chatId) implements ChatCommand {}

  /**
   * Begins a call of the agent and returns whether it began: not unless the agent is active, no
   * call is in progress, and the contact wrote since the last call. Escalates the chat instead if
   * it had too many calls within an hour.
   *
   * @param through number of the last message that the call contains
   * @param sessionId session of an internal agent; null for an external one
   * @param at present time
   */
  @InternalOnly
  @StableName("CallChatAgent")
  record CallChatAgent(ChatId chatId, long through, @Nullable SessionId sessionId, Instant at)
      implements ChatCommand {}

  /**
   * Ends the call of the agent. Idempotent by {@code through}. If the chat was taken over or closed
   * since its begin, the answer is dropped, and its messages may be called with again. A failure
   * escalates the chat.
   *
   * @param answer id and content of the agent's message; null for none
   * @param reason of a failure, a sentence that is safe to show; otherwise empty
   */
  @InternalOnly
  @StableName("EndChatAgentCall")
  record EndChatAgentCall(
      ChatId chatId, long through, AgentCallOutcome outcome, @Nullable Answer answer, String reason)
      implements ChatCommand {}

  /** Message of an agent. */
  record Answer(ChatMessageId messageId, ChatMessageContent content) {}

  /**
   * Hands the chat from its active agent to people: the agent waits until the chat is handed back,
   * and a chat that is assigned to nobody is assigned to the channel's assignee. Permitted to
   * users, to the agent by its token, and to the channel for the agent of its session. Idempotent.
   *
   * @param reason for people; the contact does not see it
   */
  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  @StableName("EscalateChat")
  record EscalateChat(ChatId chatId, String reason, @Nullable Idempotency idempotency)
      implements ChatCommand, Idempotent {}
}
