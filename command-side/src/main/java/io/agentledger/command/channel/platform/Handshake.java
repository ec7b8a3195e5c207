package io.agentledger.command.channel.platform;

/** Answer to a platform that checks the address of a webhook. */
public record Handshake(String mediaType, String body) {}
