package io.agentledger.command.channel.platform;

import java.util.function.Supplier;

/**
 * Contact that a reply is written to.
 *
 * @param lastMessageId looks for the platform's id of the contact's last message; empty if unknown
 */
public record TypingTarget(String contactAddress, Supplier<String> lastMessageId) {}
