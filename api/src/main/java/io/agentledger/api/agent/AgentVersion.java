package io.agentledger.api.agent;

/**
 * Version of an agent that a session is opened with.
 *
 * @param name name of the agent in that version
 * @param instructions text that follows the system prompt; empty for none
 */
public record AgentVersion(AgentId id, long version, String name, String instructions) {}
