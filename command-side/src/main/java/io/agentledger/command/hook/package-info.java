/** Hooks: their configuration, and their calls at the hook points of runs. */
@NullMarked
package io.agentledger.command.hook;

import org.jspecify.annotations.NullMarked;
