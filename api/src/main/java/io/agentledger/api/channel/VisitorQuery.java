package io.agentledger.api.channel;

import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;

/**
 * Queries of the gateway about the chat of a {@link Visitor}: messages of the contact, and those of
 * users and agents that were sent; no notes.
 */
public sealed interface VisitorQuery {
  /** Lists messages, newest first; returns a page of {@link VisitorMessageView}. */
  @InternalOnly
  @StableName("ListVisitorMessages")
  record ListVisitorMessages(ChatId chatId, PageRequest page) implements VisitorQuery {}

  /**
   * Follows messages; streams {@link VisitorMessageView}, oldest first, without an end. It fails if
   * the read model is late; continue from the last message then.
   *
   * @param after sequence of the last known message; 0 for all
   */
  @InternalOnly
  @StableName("FollowVisitorMessages")
  record FollowVisitorMessages(ChatId chatId, long after) implements VisitorQuery {}
}
