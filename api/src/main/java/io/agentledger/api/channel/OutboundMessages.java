package io.agentledger.api.channel;

import io.agentledger.api.channel.ChatMessageView.Waiting;
import java.util.List;
import java.util.Map;

/** Port to the messages that wait to be sent. */
public interface OutboundMessages {
  /** Returns why messages of a chat wait; without those that do not wait any more. */
  Map<ChatMessageId, Waiting> findWaiting(ChatId chat, List<ChatMessageId> messages);
}
