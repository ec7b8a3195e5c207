package io.agentledger.command.model.usage;

/** Tool call that the model requested, as recorded by the gateway. */
public record RequestedToolCall(String toolUseId, String name, String exchangeId) {}
