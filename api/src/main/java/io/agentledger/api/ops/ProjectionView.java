package io.agentledger.api.ops;

/**
 * Progress of a projection.
 *
 * @param position index of the last processed event; -1 before the first one
 * @param head index of the last stored event
 * @param replaying whether a replay is in progress
 */
public record ProjectionView(
    String name, long position, long head, boolean running, boolean replaying, long deadLetters) {}
