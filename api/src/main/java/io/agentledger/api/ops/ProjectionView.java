package io.agentledger.api.ops;

/**
 * Progress of a projection.
 *
 * @param position index of the last event it has seen; -1 before the first
 * @param head index of the last event there is
 * @param replaying whether it is being filled again
 */
public record ProjectionView(
    String name, long position, long head, boolean running, boolean replaying, long deadLetters) {}
