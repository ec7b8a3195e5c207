package io.agentledger.command.channel;

import io.agentledger.api.channel.ChatEvent;
import io.agentledger.api.channel.ChatEvent.ChatMediaRefused;
import io.agentledger.api.channel.ChatEvent.ChatMediaStored;
import io.agentledger.api.channel.ChatEvent.ChatMessageReceived;
import io.agentledger.api.channel.ChatMessageId;
import java.util.HashSet;
import java.util.Set;

/** Files of contacts that were neither stored nor refused yet. */
final class ChatMedia {
  private Set<String> pending = new HashSet<>();

  boolean isPending(ChatMessageId message, int index) {
    return pending.contains(key(message, index));
  }

  private static String key(ChatMessageId message, int index) {
    return message + "." + index;
  }

  void on(ChatEvent event) {
    switch (event) {
      case ChatMessageReceived received -> {
        for (int i = 0; i < received.mediaCount(); i++) pending.add(key(received.messageId(), i));
      }
      case ChatMediaStored stored -> pending.remove(key(stored.messageId(), stored.index()));
      case ChatMediaRefused refused -> pending.remove(key(refused.messageId(), refused.index()));
      default -> {}
    }
  }
}
