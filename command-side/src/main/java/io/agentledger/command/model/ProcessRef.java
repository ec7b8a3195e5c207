package io.agentledger.command.model;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;

/**
 * Who is behind a socket: one process of one session. The gateway learns this when it opens the
 * socket and never from what comes through it.
 */
public record ProcessRef(SessionId sessionId, ProcessId processId) {}
