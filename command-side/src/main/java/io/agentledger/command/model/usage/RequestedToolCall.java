package io.agentledger.command.model.usage;

/** A tool call that the model itself asked for, seen by the gateway as it passed. */
public record RequestedToolCall(String toolUseId, String name, String exchangeId) {}
