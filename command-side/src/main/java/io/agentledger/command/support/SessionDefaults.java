package io.agentledger.command.support;

import io.agentledger.api.agent.AgentSnapshot;
import io.agentledger.api.session.RunOptions;

/**
 * What a session that wishes nothing else opens with. Read where the command is handled, and copied
 * into the session: later changes do not reach it.
 *
 * @param options of the service; a session's wishes are laid over them
 */
public record SessionDefaults(AgentSnapshot agent, RunOptions options) {}
