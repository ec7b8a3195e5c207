/** Read models of MCP servers: their connections and the results of checks. */
@NullMarked
package io.agentledger.projection.mcp;

import org.jspecify.annotations.NullMarked;
