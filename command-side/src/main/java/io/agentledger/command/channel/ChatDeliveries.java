package io.agentledger.command.channel;

import io.agentledger.api.channel.ChannelId;
import io.agentledger.api.channel.ChatCommand.CancelChatMessage;
import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatDeliveryChanged;
import io.agentledger.api.channel.ChatEvent.ChatMessageSent;
import io.agentledger.api.channel.ChatMessageId;
import io.agentledger.api.channel.MessageStatus;
import io.agentledger.api.shared.ChannelRejection.MessageBeingSent;
import io.agentledger.api.shared.ChannelRejection.MessageNotPending;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Delivery statuses of the last messages to the contact of a chat. */
final class ChatDeliveries {
  /** Number of messages whose delivery is followed. */
  static final int FOLLOWED_MAX = 1_000;

  private LinkedHashMap<String, MessageStatus> statuses = new LinkedHashMap<>();

  boolean contains(ChatMessageId message) {
    return statuses.containsKey(message.value());
  }

  boolean mayBecome(ChatMessageId message, MessageStatus status) {
    var known = statuses.get(message.value());
    return known != null && known.mayBecome(status);
  }

  /**
   * Returns the event of a cancellation, empty if the message is cancelled already; lets no request
   * for the message begin until the end of the transaction.
   */
  Optional<ChatDeliveryChanged> cancel(
      CancelChatMessage command, ChannelId channel, MessageQueue queue) {
    var chat = command.chatId();
    var message = command.messageId();
    var status = statuses.get(message.value());
    if (status == null) throw new RejectionException(NotFound.of(message));
    if (status == MessageStatus.CANCELLED) return Optional.empty();
    if (status != MessageStatus.PENDING)
      throw new RejectionException(
          new MessageNotPending(
              chat.value(), message.value(), status.name().toLowerCase(Locale.ROOT)));
    if (!queue.lockUnsent(message))
      throw new RejectionException(new MessageBeingSent(chat.value(), message.value()));
    return Optional.of(
        new ChatDeliveryChanged(
            chat, channel, message, MessageStatus.CANCELLED, List.of(), "", command.at()));
  }

  void on(ChatEvent event) {
    switch (event) {
      case ChatMessageSent sent -> {
        statuses.put(sent.messageId().value(), MessageStatus.PENDING);
        if (statuses.size() > FOLLOWED_MAX) statuses.pollFirstEntry();
      }
      case ChatDeliveryChanged changed ->
          statuses.put(changed.messageId().value(), changed.status());
      default -> {}
    }
  }
}
