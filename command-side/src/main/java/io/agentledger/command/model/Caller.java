package io.agentledger.command.model;

/**
 * Who is behind a socket: one process of one session. The gateway learns this when it opens the
 * socket and never from what comes through it.
 */
public record Caller(String sessionId, String processId) {}
