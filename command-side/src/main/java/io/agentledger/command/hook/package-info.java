/** Hooks: registered here, and called from here at the points of an agent's work. */
@NullMarked
package io.agentledger.command.hook;

import org.jspecify.annotations.NullMarked;
