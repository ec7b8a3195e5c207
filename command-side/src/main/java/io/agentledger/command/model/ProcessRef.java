package io.agentledger.command.model;

import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.SessionId;

/**
 * Process of a session behind a socket. It is set when the socket is opened, and never derived from
 * requests.
 */
public record ProcessRef(SessionId sessionId, ProcessId processId) {}
