/** Agents: versioned definitions that sessions are opened with. */
@NullMarked
package io.agentledger.command.agent;

import org.jspecify.annotations.NullMarked;
