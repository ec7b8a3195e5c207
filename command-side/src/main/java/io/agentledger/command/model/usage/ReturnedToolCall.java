package io.agentledger.command.model.usage;

/**
 * A tool call whose result the CLI has printed.
 *
 * @param journalOffset behind the line of the journal that has the result
 */
record ReturnedToolCall(String toolUseId, long journalOffset) {}
