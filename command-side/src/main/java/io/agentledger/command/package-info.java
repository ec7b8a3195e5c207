/** Command side: handles commands, records events, and executes the runs of sessions. */
@NullMarked
package io.agentledger.command;

import org.jspecify.annotations.NullMarked;
