package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.support.SessionSealer;

/**
 * Process of a session that connects through an egress socket, known by the socket and by nothing
 * that comes through it.
 *
 * @param epoch of the lease under which the process was started
 * @param thread the session's own, on which what it reaches is recorded
 * @param network what the session's environment says that it may reach
 */
public record EgressContext(
    Subject subject,
    ProcessId process,
    long epoch,
    ThreadId thread,
    Network network,
    SessionSealer sealer) {}
