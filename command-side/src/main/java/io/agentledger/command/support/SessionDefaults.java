package io.agentledger.command.support;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.session.RunOptions;

/**
 * Defaults of new sessions. They are read where the command is handled and copied into the session,
 * so later changes do not affect it.
 *
 * @param options of the service; a session's wishes are laid over them
 */
public record SessionDefaults(AgentSnapshot agent, RunOptions options) {}
