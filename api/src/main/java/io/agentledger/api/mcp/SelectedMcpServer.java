package io.agentledger.api.mcp;

/**
 * A server that a session has.
 *
 * @param name under which the session's agent knows it, whatever it is called later
 */
public record SelectedMcpServer(McpServerId id, String name) {}
