/** Answers to the CLI's control requests: permissions, hooks, MCP messages and elicitations. */
@NullMarked
package io.agentledger.command.claude.control;

import org.jspecify.annotations.NullMarked;
