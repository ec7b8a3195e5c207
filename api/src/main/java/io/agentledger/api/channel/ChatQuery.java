package io.agentledger.api.channel;

import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * Queries about chats with contacts: those of channels that the caller owns or is a member of, all
 * of the tenant for admins and auditors. A token of an agent sees the chats of the channels that
 * have it as their agent, while it is active in them.
 */
public sealed interface ChatQuery extends TenantScoped {
  /**
   * Filter of a list of chats.
   *
   * @param channelId null for all
   * @param contact address of the contact, exactly; null for all
   * @param assignee id of a user, {@link #ME} or {@link #NOBODY}; null for all
   * @param lastSender null for all
   * @param unread whether the caller has not read the last message of the contact; null for all
   * @param status null for all
   * @param agentState null for all
   * @param label in any case; null for all
   * @param text part of the name or address of the contact or of the text of a message, whatever
   *     the case, accents and width of characters; null for all
   */
  record ChatFilter(
      @Nullable ChannelId channelId,
      @Nullable String contact,
      @Nullable String assignee,
      @Nullable SenderType lastSender,
      @Nullable Boolean unread,
      @Nullable ChatStatus status,
      @Nullable ChatAgentState agentState,
      @Nullable String label,
      @Nullable String text) {
    /** Assignee that is the caller. */
    public static final String ME = "me";

    /** Assignee of chats that are assigned to nobody. */
    public static final String NOBODY = "none";

    public static final ChatFilter NONE =
        new ChatFilter(null, null, null, null, null, null, null, null, null);
  }

  /**
   * Lists chats, those with the latest messages first; returns a page of {@link ChatView}. With a
   * text, a page may be short or empty and have a cursor, because the time of a request is limited.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListChats")
  record ListChats(TenantId tenant, ChatFilter filter, PageRequest page) implements ChatQuery {}

  /** Returns a {@link ChatView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindChat")
  record FindChat(TenantId tenant, ChatId chatId) implements ChatQuery {}

  /**
   * Lists messages of a chat by number; returns a page of {@link ChatMessageView} without delivery
   * histories.
   *
   * @param newestFirst oldest first otherwise
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListChatMessages")
  record ListChatMessages(TenantId tenant, ChatId chatId, boolean newestFirst, PageRequest page)
      implements ChatQuery {}

  /** Returns a {@link ChatMessageView} with its delivery history. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindChatMessage")
  record FindChatMessage(TenantId tenant, ChatId chatId, ChatMessageId messageId)
      implements ChatQuery {}

  /**
   * Returns the {@link ChatMessageContent} of a message that failed or was cancelled, to send it
   * again; rejects others.
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindUnsentChatMessage")
  record FindUnsentChatMessage(TenantId tenant, ChatId chatId, ChatMessageId messageId)
      implements ChatQuery {}

  /**
   * Returns {@link ChatMediaData} of a message.
   *
   * @param index from 0
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FindChatMedia")
  record FindChatMedia(TenantId tenant, ChatId chatId, ChatMessageId messageId, int index)
      implements ChatQuery {}

  /** Lists notes about a chat, newest first; returns a page of {@link ChatNoteView}. */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("ListChatNotes")
  record ListChatNotes(TenantId tenant, ChatId chatId, PageRequest page) implements ChatQuery {}

  /**
   * Streams a {@link ChatNotification} for each event of the chats that the caller sees, after
   * {@link ChatNotification.Ready}. Access is decided at each event. Rejected for a channel or a
   * chat of which the caller sees nothing. Fails if the reader is too far behind.
   *
   * @param channelId null for all
   * @param chatId null for all
   * @param after cursor of a notification; null for events from now on
   */
  @RequiresScope(Scope.SESSIONS_READ)
  @StableName("FollowChats")
  record FollowChats(
      TenantId tenant,
      @Nullable ChannelId channelId,
      @Nullable ChatId chatId,
      @Nullable String after)
      implements ChatQuery {}
}
