/** Client connections to MCP servers. */
@NullMarked
package io.agentledger.command.mcp.connection;

import org.jspecify.annotations.NullMarked;
