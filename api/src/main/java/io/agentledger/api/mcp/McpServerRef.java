package io.agentledger.api.mcp;

import io.agentledger.api.identity.TenantId;

/** A server that the house looks at from time to time. */
public record McpServerRef(TenantId tenantId, McpServerId mcpServerId) {}
