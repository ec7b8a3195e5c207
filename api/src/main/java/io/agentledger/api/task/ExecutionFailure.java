package io.agentledger.api.task;

/**
 * Failure of an attempt; it never contains content.
 *
 * @param code in snake case
 * @param message one sentence for users
 */
public record ExecutionFailure(String code, String message) {}
