package io.agentledger.command.model;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;

/**
 * Process of a session behind a socket. The gateway learns it when it opens the socket and never
 * from what comes through it.
 */
public record ProcessRef(SessionId sessionId, ProcessId processId) {}
