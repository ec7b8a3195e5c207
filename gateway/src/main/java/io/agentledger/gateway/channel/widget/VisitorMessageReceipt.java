package io.agentledger.gateway.channel.widget;

import io.agentledger.api.channel.ChatMessageId;

/** Receipt of a message, which is on the disk. */
record VisitorMessageReceipt(ChatMessageId id) {}
