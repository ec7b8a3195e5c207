package io.agentledger.command.channel.platform;

/**
 * Fault of a channel's field.
 *
 * @param object {@code settings} or {@code credentials}
 * @param detail rule that the field breaks, without its name and value; safe to show
 */
public record FieldFault(String object, String field, String detail) {}
