/** MCP servers: what is agreed to is decided here, and sessions' calls reach them from here. */
@NullMarked
package io.agentledger.command.mcp;

import org.jspecify.annotations.NullMarked;
