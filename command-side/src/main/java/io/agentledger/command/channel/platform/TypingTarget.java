package io.agentledger.command.channel.platform;

/**
 * Contact that a reply is written to.
 *
 * @param lastMessageId platform's id of the contact's last message; empty if unknown
 */
public record TypingTarget(String contactAddress, String lastMessageId) {}
