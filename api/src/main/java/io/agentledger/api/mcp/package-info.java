/** MCP servers: registered by a tenant, agreed to by an admin, chosen by sessions. */
@NullMarked
package io.agentledger.api.mcp;

import org.jspecify.annotations.NullMarked;
