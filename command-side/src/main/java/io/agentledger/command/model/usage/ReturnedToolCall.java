package io.agentledger.command.model.usage;

/**
 * Tool call whose result the CLI has printed.
 *
 * @param journalOffset offset after the line of the journal with the result
 */
record ReturnedToolCall(String toolUseId, long journalOffset) {}
