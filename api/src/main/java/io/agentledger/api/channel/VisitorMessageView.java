package io.agentledger.api.channel;

import java.time.Instant;

/**
 * Message of a chat as the contact sees it on a page with the widget. It names no user.
 *
 * @param sequence position of the message among those that the contact sees; it grows, with gaps
 * @param text plain text of the contact, CommonMark of users and agents
 * @param status received, or sent and later
 */
public record VisitorMessageView(
    ChatMessageId id,
    long sequence,
    SenderType senderType,
    String text,
    MessageStatus status,
    Instant at) {}
