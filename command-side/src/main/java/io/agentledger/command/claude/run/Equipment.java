package io.agentledger.command.claude.run;

import io.agentledger.api.session.LiveLane;
import io.agentledger.command.claude.box.Confinement;
import io.agentledger.command.claude.egress.EgressGateway;
import io.agentledger.command.claude.policy.Hooks;
import io.agentledger.command.claude.policy.PathPolicies;
import io.agentledger.command.claude.policy.Permissions;
import io.agentledger.command.claude.process.JournalWatch;
import io.agentledger.command.claude.process.ModelDoor;
import io.agentledger.command.claude.record.Scribe;
import io.agentledger.command.mcp.ToolServers;
import java.time.Clock;

/**
 * What every attendant works with.
 *
 * @param watchdog how long a process may be silent or stuck
 * @param confinement what processes are bounded by
 */
public record Equipment(
    Scribe scribe,
    LiveLane lane,
    ModelDoor door,
    EgressGateway egress,
    Permissions permissions,
    PathPolicies paths,
    Hooks hooks,
    ToolServers servers,
    StateKeeping states,
    JournalWatch watch,
    Watchdog watchdog,
    Confinement confinement,
    Clock clock) {}
