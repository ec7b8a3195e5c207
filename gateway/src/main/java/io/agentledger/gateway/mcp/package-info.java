/** MCP servers over REST. */
@NullMarked
package io.agentledger.gateway.mcp;

import org.jspecify.annotations.NullMarked;
