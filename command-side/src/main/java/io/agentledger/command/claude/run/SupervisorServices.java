package io.agentledger.command.claude.run;

import io.agentledger.api.agent.SkillStore;
import io.agentledger.api.session.stream.TransientEventBus;
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
 * Services that every process supervisor uses.
 *
 * @param watchdog time limits for silent and hanging processes
 * @param resourceLimiter resource limits of processes
 */
public record SupervisorServices(
    SessionCommandGateway commandGateway,
    TransientEventBus liveFrames,
    ModelEndpoint modelEndpoint,
    EgressProxy egress,
    ToolCallAuthorizer authorizer,
    PathPolicies pathPolicies,
    Hooks hooks,
    McpConnector mcpConnector,
    CheckpointService checkpoints,
    JournalWatcher journalWatcher,
    Watchdog watchdog,
    ResourceLimiter resourceLimiter,
    SkillStore skillStore,
    Clock clock) {

  SupervisorServices withClock(Clock other) {
    return new SupervisorServices(
        commandGateway,
        liveFrames,
        modelEndpoint,
        egress,
        authorizer,
        pathPolicies,
        hooks,
        mcpConnector,
        checkpoints,
        journalWatcher,
        watchdog,
        resourceLimiter,
        skillStore,
        other);
  }
}
