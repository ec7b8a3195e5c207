/** Decides what a session accepts, carries its runs out by jobs, and holds its deadlines. */
@NullMarked
package io.agentledger.command.session;

import org.jspecify.annotations.NullMarked;
