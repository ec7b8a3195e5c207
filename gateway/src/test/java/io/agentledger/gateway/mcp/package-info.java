/** MCP servers over REST, as clients see them. */
@NullMarked
package io.agentledger.gateway.mcp;

import org.jspecify.annotations.NullMarked;
