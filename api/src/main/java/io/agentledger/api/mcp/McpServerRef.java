package io.agentledger.api.mcp;

import io.agentledger.api.identity.TenantId;

/** A server that the service checks periodically. */
public record McpServerRef(TenantId tenantId, McpServerId mcpServerId) {}
