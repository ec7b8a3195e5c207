package io.agentledger.api.mcp;

/**
 * MCP server that a request defines for one session.
 *
 * @param id of the server to register
 * @param name matches {@link McpServerCommand#NAME}
 */
public record McpServerDefinition(McpServerId id, String name, McpConnection connection) {}
