package io.agentledger.command.support;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.session.RunOptions;

/**
 * Defaults of new sessions. They are read where the command is handled and copied into the session,
 * so later changes do not affect it.
 *
 * @param options default options of the service, which a session can override
 */
public record SessionDefaults(AgentSnapshot agent, RunOptions options) {}
