package io.agentledger.command.channel;

import io.agentledger.api.channel.ChatMessageId;

/** Messages that wait to be sent to their contacts. */
public interface MessageQueue {
  /**
   * Lets no request for a message begin until the end of the transaction, and returns whether none
   * has: the contact has no part of it.
   */
  boolean lockUnsent(ChatMessageId message);
}
