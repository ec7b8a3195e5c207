package io.agentledger.api.flow;

/**
 * Failure of a flow or of one of its replies.
 *
 * @param code in snake case
 * @param message one sentence for users; it may contain what a provider responded
 */
public record FlowFailure(String code, String message) {}
