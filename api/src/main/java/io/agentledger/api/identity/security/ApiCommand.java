package io.agentledger.api.identity.security;

/**
 * Command of the API. A caller who is an agent is refused, unless the command is marked with {@link
 * PermitAgents}.
 */
public interface ApiCommand {}
