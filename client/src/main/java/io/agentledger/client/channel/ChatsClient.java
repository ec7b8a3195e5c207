package io.agentledger.client.channel;

import io.agentledger.api.channel.ChatId;
import io.agentledger.api.channel.ChatMessageContent.Template;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.ChatMessageView;
import io.agentledger.api.channel.ChatNoteView;
import io.agentledger.api.channel.ChatNotification;
import io.agentledger.api.channel.ChatQuery.ChatFilter;
import io.agentledger.api.channel.ChatView;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.QueryString;
import io.agentledger.client.support.ServiceUnavailableException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of chats with contacts. Every call blocks; safe for any number of threads. */
public final class ChatsClient {
  private static final String CHATS = "/api/v1/chats";

  private final ApiHttpClient http;

  public ChatsClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Lists chats that match a filter, those with the latest messages first. With a text, a page may
   * be short or empty and have a cursor.
   */
  public Page<ChatView> list(ChatFilter filter, PageRequest page) {
    var query =
        QueryString.of(page)
            .with("channel_id", filter.channelId())
            .with("contact", filter.contact())
            .with("assignee", filter.assignee())
            .with("last_sender", filter.lastSender())
            .with("unread", filter.unread())
            .with("status", filter.status())
            .with("agent_state", filter.agentState())
            .with("label", filter.label())
            .with("text", filter.text());
    return http.get(CHATS + query, new TypeReference<>() {});
  }

  public ChatView find(ChatId chat) {
    return http.get(path(chat), new TypeReference<>() {});
  }

  private static String path(ChatId chat) {
    return CHATS + "/" + chat;
  }

  /**
   * Assigns a chat.
   *
   * @param assignee null for nobody
   */
  public ChatView assign(ChatId chat, @Nullable UserId assignee) {
    return patch(chat, assignee == null ? Map.of("unassign", true) : Map.of("assignee", assignee));
  }

  /** Replaces the labels of a chat. */
  public ChatView setLabels(ChatId chat, List<String> labels) {
    return patch(chat, Map.of("labels", labels));
  }

  /** Switches the agent of a chat on or off. */
  public ChatView setAgentActive(ChatId chat, boolean active) {
    return patch(chat, Map.of("agent_active", active));
  }

  private ChatView patch(ChatId chat, Map<String, ?> changes) {
    return http.patch(path(chat), changes, new TypeReference<>() {});
  }

  /**
   * Lists messages by their number, without the histories of their delivery.
   *
   * @param newestFirst oldest first otherwise
   */
  public Page<ChatMessageView> messages(ChatId chat, boolean newestFirst, PageRequest page) {
    var query = QueryString.of(page).with("newest_first", newestFirst);
    return http.get(path(chat) + "/messages" + query, new TypeReference<>() {});
  }

  /**
   * Calls {@code onNotification} on this thread with each notification about a chat from now on,
   * {@link ChatNotification.Ready} first. Continues where it was if the connection is lost. Ends
   * after {@link ChatNotification.Ended}.
   *
   * @throws ServiceUnavailableException if the service is unavailable for two minutes, or the
   *     thread is interrupted
   */
  public void follow(ChatId chat, Consumer<ChatNotification> onNotification) {
    new ChatNotificationReader(http, CHATS + "/events?chat_id=" + chat).readAll(onNotification);
  }

  /** Finds a message with the history of its delivery. */
  public ChatMessageView findMessage(ChatId chat, ChatMessageId message) {
    return http.get(path(chat) + "/messages/" + message, new TypeReference<>() {});
  }

  /**
   * Sends a text to the contact.
   *
   * @param text CommonMark
   */
  public ChatMessageView send(ChatId chat, String text) {
    return http.post(path(chat) + "/messages", Map.of("text", text), new TypeReference<>() {});
  }

  /** Sends a template that the platform has approved to the contact. */
  public ChatMessageView send(ChatId chat, Template template) {
    var body = new LinkedHashMap<String, Object>();
    body.put("name", template.name());
    if (!template.language().isEmpty()) body.put("language", template.language());
    body.put("parameters", template.parameters());
    return http.post(path(chat) + "/messages", Map.of("template", body), new TypeReference<>() {});
  }

  /** Cancels a pending message, unless a request to send it has begun. */
  public ChatMessageView cancel(ChatId chat, ChatMessageId message) {
    return http.post(
        path(chat) + "/messages/" + message + "/cancel", Map.of(), new TypeReference<>() {});
  }

  /** Sends a failed or cancelled message again; returns the new message. */
  public ChatMessageView resend(ChatId chat, ChatMessageId message) {
    return http.post(
        path(chat) + "/messages/" + message + "/resend", Map.of(), new TypeReference<>() {});
  }

  /** Lets the caller answer in place of the agent. */
  public ChatView takeOver(ChatId chat) {
    return act(chat, "take-over");
  }

  /** Lets the agent answer again. */
  public ChatView handBack(ChatId chat) {
    return act(chat, "hand-back");
  }

  /** Closes a chat; a message of the contact opens it again. */
  public ChatView close(ChatId chat) {
    return act(chat, "close");
  }

  public ChatView reopen(ChatId chat) {
    return act(chat, "reopen");
  }

  private ChatView act(ChatId chat, String action) {
    return http.post(path(chat) + "/" + action, Map.of(), new TypeReference<>() {});
  }

  /**
   * Marks messages as read by the caller.
   *
   * @param through number of the last one
   */
  public ChatView read(ChatId chat, long through) {
    return http.post(path(chat) + "/read", Map.of("through", through), new TypeReference<>() {});
  }

  /** Marks the last message of the contact as not read by the caller. */
  public ChatView markUnread(ChatId chat) {
    return act(chat, "unread");
  }

  /** Lists notes, which the contact does not see, newest first. */
  public Page<ChatNoteView> notes(ChatId chat, PageRequest page) {
    return http.get(path(chat) + "/notes" + QueryString.of(page), new TypeReference<>() {});
  }

  public ChatNoteView addNote(ChatId chat, String text) {
    return http.post(path(chat) + "/notes", Map.of("text", text), new TypeReference<>() {});
  }
}
