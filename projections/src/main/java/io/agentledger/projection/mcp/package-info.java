/** The read models of MCP servers: how they are reached and what they were found to be. */
@NullMarked
package io.agentledger.projection.mcp;

import org.jspecify.annotations.NullMarked;
