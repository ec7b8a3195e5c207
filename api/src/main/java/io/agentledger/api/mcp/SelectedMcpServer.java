package io.agentledger.api.mcp;

/**
 * A server that a session uses.
 *
 * @param name name under which the session's agent knows it; later renames do not change it
 */
public record SelectedMcpServer(McpServerId id, String name) {}
