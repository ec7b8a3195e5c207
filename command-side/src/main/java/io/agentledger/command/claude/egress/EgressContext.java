package io.agentledger.command.claude.egress;

import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.command.claude.policy.ToolCallAuthorizer.Subject;
import io.agentledger.command.support.SessionSealer;

/**
 * Process of a session that connects through an egress socket. It is identified by the socket, not
 * by any data that it sends.
 *
 * @param epoch epoch of the lease under which the process was started
 * @param thread the session's main thread, on which contacted hosts are recorded
 * @param network network access of the session's environment
 */
public record EgressContext(
    Subject subject,
    ProcessId process,
    long epoch,
    ThreadId thread,
    Network network,
    SessionSealer sealer) {}
