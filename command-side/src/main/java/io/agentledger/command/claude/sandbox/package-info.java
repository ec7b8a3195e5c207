/** The sandbox of CLI processes, of their shell commands and of MCP server programs. */
@NullMarked
package io.agentledger.command.claude.sandbox;

import org.jspecify.annotations.NullMarked;
