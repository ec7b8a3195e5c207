/** Queries about MCP servers. */
@NullMarked
package io.agentledger.query.mcp;

import org.jspecify.annotations.NullMarked;
