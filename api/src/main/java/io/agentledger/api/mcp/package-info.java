/** MCP servers: registered by a tenant, approved by an admin, selected by sessions. */
@NullMarked
package io.agentledger.api.mcp;

import org.jspecify.annotations.NullMarked;
