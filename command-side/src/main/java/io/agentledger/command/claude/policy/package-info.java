/** Decides about each tool call before anything happens. */
@NullMarked
package io.agentledger.command.claude.policy;

import org.jspecify.annotations.NullMarked;
