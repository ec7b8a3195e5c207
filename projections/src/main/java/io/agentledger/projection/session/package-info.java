/** Read models of sessions: status, transcript, tool calls, runs and pending actions. */
@NullMarked
package io.agentledger.projection.session;

import org.jspecify.annotations.NullMarked;
