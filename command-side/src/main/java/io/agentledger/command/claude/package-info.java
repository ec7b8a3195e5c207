/**
 * Drives the Claude Code CLI: its process, its box, its journal, and the record of what it says.
 */
@NullMarked
package io.agentledger.command.claude;

import org.jspecify.annotations.NullMarked;
