/** Connections to MCP servers: how they are made, and what they are held to. */
@NullMarked
package io.agentledger.command.mcp.link;

import org.jspecify.annotations.NullMarked;
