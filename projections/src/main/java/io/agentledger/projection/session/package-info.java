/** Sessions as they stand: their transcript, tool calls, runs and what is waited for. */
@NullMarked
package io.agentledger.projection.session;

import org.jspecify.annotations.NullMarked;
