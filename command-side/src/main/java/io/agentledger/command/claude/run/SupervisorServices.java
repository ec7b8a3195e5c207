package io.agentledger.command.claude.run;

import io.agentledger.api.session.stream.LiveFrameBus;
import io.agentledger.command.claude.egress.EgressProxy;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.ToolCallAuthorizer;
import io.agentledger.command.claude.process.JournalWatcher;
import io.agentledger.command.claude.process.ModelEndpoint;
import io.agentledger.command.claude.record.SessionCommandGateway;
import io.agentledger.command.claude.sandbox.ResourceLimiter;
import io.agentledger.command.mcp.McpConnector;
import java.time.Clock;

/**
 * What every attendant works with.
 *
 * @param watchdog how long a process may be silent or stuck
 * @param confinement what processes are bounded by
 */
public record SupervisorServices(
    SessionCommandGateway scribe,
    LiveFrameBus lane,
    ModelEndpoint door,
    EgressProxy egress,
    ToolCallAuthorizer permissions,
    PathPolicies paths,
    Hooks hooks,
    McpConnector servers,
    CheckpointService states,
    JournalWatcher watch,
    Watchdog watchdog,
    ResourceLimiter confinement,
    Clock clock) {}
