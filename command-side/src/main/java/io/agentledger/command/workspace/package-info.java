/** Fills the folders that sessions work in, and lets nothing in that leads out of them. */
@NullMarked
package io.agentledger.command.workspace;

import org.jspecify.annotations.NullMarked;
