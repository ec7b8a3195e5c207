/** MCP servers: their configuration and approval, and the calls of sessions to them. */
@NullMarked
package io.agentledger.command.mcp;

import org.jspecify.annotations.NullMarked;
